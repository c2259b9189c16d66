import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Choice, Secret, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { webhooksQuery } from '../../lib/queries/webhooks.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { eventGroups, type EventGroup, typesOf } from './event-groups.ts';
import { WebhookRow } from './webhook-row.tsx';

/** Endpoints that are told what happens in the workspace, how each does, and what was sent to it. */
export function WebhookSettings() {
  const { workspace } = useWorkspaceScope();
  const { data: webhooks, error, refetch } = useQuery(webhooksQuery(workspace.id));
  const [secret, setSecret] = useState<string>();
  return (
    <SettingsSection title={t('webhook.title')} lead={t('webhook.lead')}>
      {error !== null && (
        <p className={settingsClasses.foot} role="alert">
          {problemText(error)}{' '}
          <Button size="xs" variant="default" onClick={() => void refetch()}>
            {t('common.retry')}
          </Button>
        </p>
      )}
      {webhooks?.length === 0 && <p className={settingsClasses.foot}>{t('webhook.none')}</p>}
      <ul>
        {(webhooks ?? []).map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} onSecret={setSecret} />
        ))}
      </ul>
      {secret !== undefined && (
        <Secret
          label={t('webhook.secret')}
          hint={t('webhook.secretOnce')}
          value={secret}
          copyLabel={t('common.copy')}
        />
      )}
      <NewWebhook onMade={setSecret} />
    </SettingsSection>
  );
}

function NewWebhook({ onMade }: { readonly onMade: (secret: string) => void }) {
  const { workspace } = useWorkspaceScope();
  const [url, setUrl] = useState('');
  const [group, setGroup] = useState<EventGroup>('all');
  const [problem, setProblem] = useState<string>();
  const create = useChange(async () => {
    const made = await call('POST /workspaces/{id}/webhooks', {
      params: { id: workspace.id },
      body: { url, eventTypes: typesOf(group) },
    });
    onMade(made.secret);
    setUrl('');
  }, webhooksQuery(workspace.id).queryKey);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setProblem(undefined);
    create.mutate(undefined, {
      onError: (error) => setProblem((isProblem(error) ? error.fieldError('url') : undefined) ?? problemText(error)),
    });
  };
  return (
    <form className={settingsClasses.foot} onSubmit={submit} noValidate>
      <TextInput
        className={settingsClasses.grow}
        label={t('webhook.url')}
        placeholder="https://example.org/hooks/taskflow"
        type="url"
        maxLength={2_000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={problem}
      />
      <Choice
        label={t('webhook.events')}
        style={{ height: 36 }}
        value={group}
        options={eventGroups.map((value) => ({ value, name: t(`webhook.group.${value}`) }))}
        onChoose={setGroup}
      />
      <Button type="submit" loading={create.isPending} disabled={url.trim() === ''}>
        {t('webhook.add')}
      </Button>
    </form>
  );
}
