import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { DangerRow, SettingsSection } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyUndo } from '../../lib/notify.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

/** Deleting a project, with the way back in the toast. */
export function DeleteProject() {
  const { project } = useProjectScope();
  const { workspace } = useWorkspaceScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const reread = () => Promise.all(['projects', 'tasks'].map((name) => client.invalidateQueries({ queryKey: [name] })));
  const remove = async () => {
    await call('DELETE /projects/{id}', { params: { id: project.id }, ifMatch: project.version });
    await navigate({ to: '/w/$workspace', params: { workspace: workspace.slug } });
    await reread();
    notifyUndo(t('project.deleted', { name: project.name }), async () => {
      await call('POST /projects/{id}/restore', { params: { id: project.id } });
      await reread();
    });
  };
  return (
    <SettingsSection title={t('settings.danger')}>
      <DangerRow
        text={t('project.deleteText', { name: project.name })}
        action={t('project.delete')}
        onAction={() => setAsking(true)}
      />
      {asking && (
        <ConfirmDialog
          title={t('project.delete')}
          text={t('project.deleteText', { name: project.name })}
          action={t('project.delete')}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        />
      )}
    </SettingsSection>
  );
}
