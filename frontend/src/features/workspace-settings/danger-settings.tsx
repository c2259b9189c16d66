import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { DangerRow, SettingsSection } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

/** Leaving the workspace, and deleting it. */
export function DangerSettings() {
  const { workspace, me, memberById } = useWorkspaceScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'leave' | 'delete'>();
  const own = memberById.get(me.id);
  const gone = async () => {
    await navigate({ to: '/' });
    client.removeQueries({ queryKey: ['workspace'] });
    await client.invalidateQueries({ queryKey: ['workspaces'] });
  };
  const leave = async () => {
    await call('DELETE /workspaces/{id}/members/{userId}', {
      params: { id: workspace.id, userId: me.id },
      ...(own === undefined ? {} : { ifMatch: own.version }),
    });
    await gone();
  };
  const remove = async () => {
    await call('DELETE /workspaces/{id}', { params: { id: workspace.id }, ifMatch: workspace.version });
    await gone();
  };
  return (
    <SettingsSection title={t('settings.danger')}>
      <DangerRow
        text={t('workspace.leaveText', { name: workspace.name })}
        action={t('workspace.leave')}
        onAction={() => setAsking('leave')}
      />
      {workspace.role === 'owner' && (
        <DangerRow
          text={t('workspace.deleteText', { name: workspace.name })}
          action={t('workspace.delete')}
          onAction={() => setAsking('delete')}
        />
      )}
      {asking !== undefined && (
        <ConfirmDialog
          title={t(`workspace.${asking}`)}
          text={t(asking === 'leave' ? 'workspace.leaveText' : 'workspace.deleteText', { name: workspace.name })}
          action={t(`workspace.${asking}`)}
          onConfirm={asking === 'leave' ? leave : remove}
          onClose={() => setAsking(undefined)}
        />
      )}
    </SettingsSection>
  );
}
