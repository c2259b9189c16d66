import { Button, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { ColorField } from '../../components/color-field.tsx';
import { Choice, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyDone } from '../../lib/notify.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { projectsQuery } from '../../lib/queries/projects.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

/** Name, key, colour and visibility of a project. */
export function ProjectGeneral() {
  const { workspace } = useWorkspaceScope();
  const { project } = useProjectScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { name, key, description, color, visibility } = project;
  const [draft, setDraft] = useState({ name, key, description, color, visibility });
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const saved = await call('PATCH /projects/{id}', {
        params: { id: project.id },
        body: draft,
        ifMatch: project.version,
      });
      await client.invalidateQueries({ queryKey: projectsQuery(workspace.id).queryKey });
      // A new key changes the key of every task.
      if (saved.key !== key) await client.invalidateQueries({ queryKey: ['tasks'] });
      await navigate({
        to: '/w/$workspace/p/$key/settings',
        params: { workspace: workspace.slug, key: saved.key },
        replace: true,
      });
      notifyDone(t('common.saved'));
    } catch (thrown) {
      if (isProblem(thrown, 'stale_version')) await client.invalidateQueries({ queryKey: ['projects'] });
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const field = (path: string) => (isProblem(error) ? error.fieldError(path) : undefined);
  const keyProblem = isProblem(error, 'key_taken') ? problemText(error) : field('key');
  return (
    <SettingsSection title={t('settings.general')}>
      <form className={settingsClasses.padded} onSubmit={(event) => void save(event)}>
        <TextInput
          label={t('project.name')}
          maxLength={100}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          error={field('name')}
        />
        <TextInput
          label={t('project.key')}
          description={t('project.keyChangeHint')}
          maxLength={10}
          value={draft.key}
          onChange={(event) => setDraft({ ...draft, key: event.currentTarget.value.toUpperCase() })}
          error={keyProblem}
        />
        <Textarea
          label={t('project.description')}
          maxLength={10_000}
          minRows={2}
          value={draft.description}
          onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
        />
        <ColorField
          label={t('project.colour')}
          value={draft.color}
          onChange={(next) => setDraft({ ...draft, color: next })}
        />
        <label>
          {t('project.visibility')}{' '}
          <Choice
            label={t('project.visibility')}
            value={draft.visibility}
            options={[
              { value: 'workspace', name: t('project.visibilityWorkspace') },
              { value: 'private', name: t('project.visibilityPrivate') },
            ]}
            onChoose={(next) => setDraft({ ...draft, visibility: next })}
          />
        </label>
        {error !== undefined && keyProblem === undefined && field('name') === undefined && (
          <p role="alert">{problemText(error)}</p>
        )}
        <div className={settingsClasses.actions}>
          <Button type="submit" loading={busy}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}
