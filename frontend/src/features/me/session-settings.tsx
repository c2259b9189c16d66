import { ActionIcon, Button } from '@mantine/core';
import { IconDeviceDesktop, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { sessionsQuery } from '../../lib/queries/me.ts';
import { useChange } from '../../lib/use-change.ts';
import { useNow } from '../../lib/use-now.ts';
import { deviceName } from './device-name.ts';

/** Where the person is signed in, and signing out there. */
export function SessionSettings() {
  const now = useNow();
  const { data: sessions = [], error } = useQuery(sessionsQuery);
  const end = useChange((id: string) => call('DELETE /me/sessions/{id}', { params: { id } }), sessionsQuery.queryKey);
  const endOthers = useChange(() => call('DELETE /me/sessions'), sessionsQuery.queryKey);
  return (
    <SettingsSection title={t('me.sessions')}>
      {error !== null && <p role="alert">{problemText(error)}</p>}
      <ul>
        {sessions.map((session) => {
          const device = deviceName(session.userAgent);
          const used = t('me.lastUsed', { when: formatAgo(session.lastUsedAt, now) });
          return (
            <SettingsRow
              key={session.id}
              icon={<IconDeviceDesktop size={20} stroke={1.5} color="var(--text-3)" />}
              name={device}
              note={`${session.ip} · ${session.current ? t('me.thisDevice') : used}`}
            >
              {!session.current && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('me.endSession', { device })}
                  onClick={() => end.mutate(session.id)}
                >
                  <IconX size={16} />
                </ActionIcon>
              )}
            </SettingsRow>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <div className={settingsClasses.foot}>
          <Button variant="default" size="xs" onClick={() => endOthers.mutate(undefined)}>
            {t('me.endOthers')}
          </Button>
        </div>
      )}
    </SettingsSection>
  );
}
