import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyDone } from '../../lib/notify.ts';
import { workspaceQuery } from '../../lib/queries/workspaces.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

/** Name and address of the workspace. */
export function GeneralSettings() {
  const { workspace } = useWorkspaceScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(workspace.name);
  const [slug, setSlug] = useState(workspace.slug);
  const [error, setError] = useState<unknown>();
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      const saved = await call('PATCH /workspaces/{id}', {
        params: { id: workspace.id },
        body: { name, slug },
        ifMatch: workspace.version,
      });
      client.setQueryData(workspaceQuery(saved.slug).queryKey, saved);
      await client.invalidateQueries({ queryKey: ['workspaces'] });
      await navigate({ to: '/w/$workspace/settings', params: { workspace: saved.slug }, replace: true });
      notifyDone(t('common.saved'));
    } catch (thrown) {
      if (isProblem(thrown, 'stale_version')) await client.invalidateQueries({ queryKey: ['workspace'] });
      setError(thrown);
    }
  };
  const field = (path: string) => (isProblem(error) ? error.fieldError(path) : undefined);
  const other = error !== undefined && field('name') === undefined && field('slug') === undefined;
  return (
    <SettingsSection title={t('settings.general')}>
      <form className={settingsClasses.padded} onSubmit={(event) => void save(event)}>
        <TextInput
          label={t('workspace.name')}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={field('name')}
        />
        <TextInput
          label={t('workspace.slug')}
          description={t('workspace.slugHint')}
          maxLength={60}
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
          error={field('slug')}
        />
        {other && <p role="alert">{problemText(error)}</p>}
        <div className={settingsClasses.actions}>
          <Button type="submit" disabled={name === workspace.name && slug === workspace.slug}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}
