import { Button, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { ColorField, palette } from '../../components/color-field.tsx';
import { Dialog, DialogActions, dialogFormClass } from '../../components/dialog.tsx';
import { call } from '../../lib/api/client.ts';
import { ApiProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { projectsQuery } from '../../lib/queries/projects.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { suggestKey } from './suggest-key.ts';

/** Begins a project: a name, the key of its tasks, a colour. */
export function NewProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const { workspace, projects } = useWorkspaceScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [ownKey, setOwnKey] = useState<string>();
  const [color, setColor] = useState<string>(palette[projects.length % palette.length] ?? '#4655d1');
  const [isPrivate, setIsPrivate] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const key = ownKey ?? suggestKey(name, new Set(projects.map((project) => project.key)));
  const field = (path: string) => (error instanceof ApiProblem ? error.fieldError(path) : undefined);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() === '' || key === '') return setError(t('common.required'));
    setBusy(true);
    try {
      const visibility = isPrivate ? 'private' : 'workspace';
      const project = await call('POST /workspaces/{id}/projects', {
        params: { id: workspace.id },
        body: { name, key, color, visibility },
      });
      await client.invalidateQueries({ queryKey: projectsQuery(workspace.id).queryKey });
      onClose();
      await navigate({ to: '/w/$workspace/p/$key/board', params: { workspace: workspace.slug, key: project.key } });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  const keyProblem = error instanceof ApiProblem && error.code === 'key_taken' ? problemText(error) : field('key');
  const otherProblem = error instanceof ApiProblem && error.errors.length === 0 && keyProblem === undefined;

  return (
    <Dialog title={t('project.newTitle')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={dialogFormClass} noValidate>
        <TextInput
          label={t('project.name')}
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={field('name') ?? (typeof error === 'string' && name.trim() === '' ? error : undefined)}
        />
        <TextInput
          label={t('project.key')}
          description={t('project.keyHint', { key: key === '' ? 'OPS' : key })}
          maxLength={10}
          value={key}
          onChange={(event) => setOwnKey(event.currentTarget.value.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))}
          error={keyProblem}
        />
        <ColorField label={t('project.colour')} value={color} onChange={setColor} />
        <Switch
          label={t('project.private')}
          description={t('project.privateHint')}
          checked={isPrivate}
          onChange={(event) => setIsPrivate(event.currentTarget.checked)}
        />
        {otherProblem && <p role="alert">{problemText(error)}</p>}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('project.create')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
