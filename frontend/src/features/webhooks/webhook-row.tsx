import { Button, Group } from '@mantine/core';
import type { WebhookWithHealth } from '@taskflow/contract/webhooks';
import { IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { SettingsRow } from '../../components/settings/settings.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { call } from '../../lib/api/client.ts';
import { formatClock } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyDone } from '../../lib/notify.ts';
import { deliveriesQuery, webhooksQuery } from '../../lib/queries/webhooks.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { groupOf } from './event-groups.ts';
import { WebhookDeliveries } from './webhook-deliveries.tsx';
import classes from './webhooks.module.css';

interface WebhookRowProps {
  readonly webhook: WebhookWithHealth;
  readonly onSecret: (secret: string) => void;
}

const tones = { ok: 'good', paused: 'warning', disabled: 'idle' } as const;

/** One endpoint: how it does in plain words, and what can be done about it. */
export function WebhookRow({ webhook, onSecret }: WebhookRowProps) {
  const { workspace } = useWorkspaceScope();
  const [isOpen, setIsOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const params = { id: workspace.id, webhookId: webhook.id };
  const touched = [webhooksQuery(workspace.id).queryKey, deliveriesQuery(webhook.id).queryKey] as const;
  const ping = useChange(
    async () => {
      await call('POST /workspaces/{id}/webhooks/{webhookId}/ping', { params });
      setIsOpen(true);
    },
    ...touched,
  );
  const probe = useChange(() => call('POST /workspaces/{id}/webhooks/{webhookId}/probe', { params }), ...touched);
  const rotate = useChange(
    async () => {
      onSecret((await call('POST /workspaces/{id}/webhooks/{webhookId}/rotate-secret', { params })).secret);
    },
    ...touched,
  );
  const toggle = useChange(
    () =>
      call('PATCH /workspaces/{id}/webhooks/{webhookId}', {
        params,
        body: { isActive: !webhook.isActive },
        ifMatch: webhook.version,
      }),
    ...touched,
  );
  const remove = async () => {
    await call('DELETE /workspaces/{id}/webhooks/{webhookId}', { params, ifMatch: webhook.version });
    notifyDone(t('webhook.removed'));
  };
  const removal = useChange(remove, ...touched);
  return (
    <>
      <SettingsRow
        icon={<IconWebhook size={18} stroke={1.6} color="var(--text-3)" />}
        name={<span className={classes['url']}>{webhook.url}</span>}
        note={<Note webhook={webhook} />}
      >
        <StateBadge tone={tones[webhook.health.state]}>{t(`webhook.state.${webhook.health.state}`)}</StateBadge>
      </SettingsRow>
      <li className={classes['actions']}>
        <Group gap={6}>
          {webhook.health.state === 'paused' && (
            <Button size="compact-xs" loading={probe.isPending} onClick={() => probe.mutate(undefined)}>
              {t('webhook.probe')}
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={isOpen}
            onClick={() => setIsOpen((before) => !before)}
          >
            {t('webhook.deliveries')}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={!webhook.isActive}
            loading={ping.isPending}
            onClick={() => ping.mutate(undefined)}
          >
            {t('webhook.ping')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => rotate.mutate(undefined)}>
            {t('webhook.rotate')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => toggle.mutate(undefined)}>
            {webhook.isActive ? t('webhook.turnOff') : t('webhook.turnOn')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => setAsking(true)}>
            {t('webhook.remove')}
          </Button>
        </Group>
        {isOpen && <WebhookDeliveries webhookId={webhook.id} />}
      </li>
      {asking && (
        <ConfirmDialog
          title={t('webhook.remove')}
          text={t('webhook.removeText', { url: webhook.url })}
          action={t('webhook.remove')}
          onConfirm={() => removal.mutateAsync(undefined)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

/** What is sent, and how that goes. */
function Note({ webhook: { eventTypes, health } }: { readonly webhook: WebhookWithHealth }) {
  const group = groupOf(eventTypes);
  const about = group === undefined ? eventTypes.join(', ') : t(`webhook.group.${group}`);
  if (health.state !== 'paused') return about;
  const kept = t('webhook.kept', { count: health.kept });
  const status = health.errorCode?.replace(/^HTTP_/, '') ?? t('webhook.anError');
  const paused = t('webhook.answered', { status, count: health.failures });
  const until =
    health.pausedUntil === null
      ? t('webhook.pausedNow')
      : t('webhook.paused', { time: formatClock(health.pausedUntil) });
  return (
    <>
      {about} · <strong>{`${paused} ${until} ${kept}`}</strong>
    </>
  );
}
