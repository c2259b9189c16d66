import { Switch, TextInput } from '@mantine/core';
import type { Body } from '@taskflow/contract/api';
import type { ChannelKind, MailDelivery, NotificationChannel, Preferences } from '@taskflow/contract/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ErrorState, LoadingRows } from '../../components/page/page-states.tsx';
import { Choice, SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { preferencesQuery } from '../../lib/queries/notifications.ts';
import { ownTimeZone, useKnownTimeZone } from '../../lib/use-time-zone.ts';

type Patch = Body<'PATCH /me/preferences'>;
type Change = (patch: Patch) => void;

const kinds: readonly ChannelKind[] = ['assigned', 'mentioned', 'commented', 'status_changed', 'due_soon', 'overdue'];
const channels: readonly NotificationChannel[] = ['both', 'in_app', 'mail', 'off'];
const deliveries: readonly MailDelivery[] = ['at_once', 'daily', 'off'];
const usualQuietHours = { from: '20:00', until: '07:00' };

/** How the person wants to be told. Every choice is saved at once. */
export function NotificationSettings() {
  useKnownTimeZone();
  const client = useQueryClient();
  const preferences = useQuery(preferencesQuery);
  const { mutate: change } = useMutation({
    // Each choice names its own field alone, so that two tabs cannot take each other's back.
    mutationFn: (patch: Patch) => call('PATCH /me/preferences', { body: patch }),
    onMutate: (patch) => {
      client.setQueryData(preferencesQuery.queryKey, (known) => known && withPatch(known, patch));
    },
    onSuccess: (saved) => client.setQueryData(preferencesQuery.queryKey, saved),
    onError(error) {
      notifyProblem(t('notify.saveFailed'), error);
      void client.invalidateQueries({ queryKey: preferencesQuery.queryKey });
    },
  });
  return (
    <SettingsSection id="notifications" title={t('notify.title')} lead={t('notify.lead')}>
      {preferences.data !== undefined && <Choices preferences={preferences.data} onChange={change} />}
      {preferences.data === undefined && preferences.error === null && <LoadingRows rows={6} />}
      {preferences.data === undefined && preferences.error !== null && (
        <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />
      )}
    </SettingsSection>
  );
}

function withPatch(known: Preferences, { channels: chosen, ...patch }: Patch): Preferences {
  const of = (kind: ChannelKind) => chosen?.[kind] ?? known.channels[kind];
  return {
    channels: {
      assigned: of('assigned'),
      mentioned: of('mentioned'),
      commented: of('commented'),
      status_changed: of('status_changed'),
      due_soon: of('due_soon'),
      overdue: of('overdue'),
    },
    mailDelivery: patch.mailDelivery ?? known.mailDelivery,
    quietHours: patch.quietHours === undefined ? known.quietHours : patch.quietHours,
    timeZone: patch.timeZone ?? known.timeZone,
    version: known.version,
  };
}

interface ChoicesProps {
  readonly preferences: Preferences;
  readonly onChange: Change;
}

function Choices({ preferences, onChange }: ChoicesProps) {
  const { timeZone, mailDelivery } = preferences;
  return (
    <ul className={settingsClasses.rows}>
      {kinds.map((kind) => {
        const name = t(`notify.kind.${kind}`);
        return (
          <SettingsRow key={kind} name={name}>
            <Choice
              label={t('notify.channelOf', { kind: name })}
              value={preferences.channels[kind]}
              options={channels.map((value) => ({ value, name: t(`notify.channel.${value}`) }))}
              onChoose={(channel) => onChange({ channels: { [kind]: channel } })}
            />
          </SettingsRow>
        );
      })}
      <SettingsRow name={t('notify.delivery')} note={t('notify.deliveryNote')}>
        <Choice
          label={t('notify.delivery')}
          value={mailDelivery}
          options={deliveries.map((value) => ({ value, name: t(`notify.delivery.${value}`) }))}
          onChoose={(delivery) => onChange({ mailDelivery: delivery })}
        />
      </SettingsRow>
      <QuietHours quietHours={preferences.quietHours} onChange={onChange} />
      <SettingsRow name={t('notify.timeZone')} note={t('notify.timeZoneNote')}>
        <Choice
          label={t('notify.timeZone')}
          value={timeZone ?? 'UTC'}
          options={timeZonesWith(timeZone ?? 'UTC').map((value) => ({ value, name: value.replaceAll('_', ' ') }))}
          onChoose={(zone) => onChange({ timeZone: zone })}
        />
      </SettingsRow>
    </ul>
  );
}

/** Zones that this browser knows, and those that are in use whether or not it lists them. */
function timeZonesWith(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ownTimeZone(), chosen])].toSorted();
}

interface QuietHoursProps {
  readonly quietHours: Preferences['quietHours'];
  readonly onChange: Change;
}

function QuietHours({ quietHours, onChange }: QuietHoursProps) {
  const set = (end: 'from' | 'until', value: string) => {
    if (quietHours === null || value === '') return;
    const next = { ...quietHours, [end]: value };
    if (next.from !== next.until) onChange({ quietHours: next });
  };
  return (
    <SettingsRow name={t('notify.quiet')} note={t('notify.quietNote')}>
      {quietHours !== null && (
        <>
          <TextInput
            type="time"
            size="xs"
            aria-label={t('notify.quietFrom')}
            value={quietHours.from}
            onChange={({ currentTarget }) => set('from', currentTarget.value)}
          />
          <TextInput
            type="time"
            size="xs"
            aria-label={t('notify.quietUntil')}
            value={quietHours.until}
            onChange={({ currentTarget }) => set('until', currentTarget.value)}
          />
        </>
      )}
      <Switch
        size="sm"
        aria-label={t('notify.quiet')}
        checked={quietHours !== null}
        onChange={({ currentTarget }) => onChange({ quietHours: currentTarget.checked ? usualQuietHours : null })}
      />
    </SettingsRow>
  );
}
