import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { BrandMark } from '../../components/brand-mark.tsx';
import { call } from '../../lib/api/client.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { workspacesQuery } from '../../lib/queries/workspaces.ts';
import classes from './welcome.module.css';
import { useTitle } from '../../lib/use-title.ts';

interface CreateWorkspaceProps {
  readonly title: string;
  readonly onCancel?: () => void;
}

/** Names a workspace and goes there. */
export function CreateWorkspace({ title, onCancel }: CreateWorkspaceProps) {
  useTitle(title);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblem(t('common.required'));
    setBusy(true);
    try {
      const workspace = await call('POST /workspaces', { body: { name } });
      await client.invalidateQueries({ queryKey: workspacesQuery.queryKey });
      await navigate({ to: '/w/$workspace', params: { workspace: workspace.slug } });
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return (
    <main className={classes['page']}>
      <div className={classes['card']}>
        <BrandMark size={32} />
        <h1 className={classes['title']}>{title}</h1>
        <p className={classes['lead']}>{t('workspace.createLead')}</p>
        <form className={classes['form']} onSubmit={(event) => void submit(event)} noValidate>
          <TextInput
            label={t('workspace.name')}
            maxLength={100}
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problem}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('workspace.create')}
          </Button>
          {onCancel !== undefined && (
            <Button variant="subtle" color="gray" onClick={onCancel} fullWidth>
              {t('common.cancel')}
            </Button>
          )}
        </form>
        <p className={classes['foot']}>{t('workspace.joinHint')}</p>
      </div>
    </main>
  );
}
