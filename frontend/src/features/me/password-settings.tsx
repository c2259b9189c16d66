import { Button, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyDone } from '../../lib/notify.ts';
import { sessionsQuery } from '../../lib/queries/me.ts';

/** Changing the password; every other session ends. */
export function PasswordSettings() {
  const client = useQueryClient();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await call('POST /me/password', { body: { currentPassword, newPassword } });
      setCurrent('');
      setNew('');
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      notifyDone(t('me.passwordChanged'));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const field = (path: string) => (isProblem(error) ? error.fieldError(path) : undefined);
  const other = error !== undefined && field('newPassword') === undefined ? problemText(error) : undefined;
  const toggle = { 'aria-label': t('auth.showPassword') };
  return (
    <SettingsSection title={t('me.password')}>
      <form className={settingsClasses.padded} onSubmit={(event) => void save(event)}>
        <PasswordInput
          label={t('me.currentPassword')}
          autoComplete="current-password"
          value={currentPassword}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle}
          error={field('currentPassword') ?? other}
        />
        <PasswordInput
          label={t('me.newPassword')}
          description={t('auth.passwordHint')}
          autoComplete="new-password"
          value={newPassword}
          onChange={(event) => setNew(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle}
          error={field('newPassword')}
        />
        <div className={settingsClasses.actions}>
          <Button type="submit" loading={busy} disabled={currentPassword === '' || newPassword === ''}>
            {t('me.changePassword')}
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}
