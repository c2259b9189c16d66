import { ActionIcon } from '@mantine/core';
import type { Member, WorkspaceRole } from '@taskflow/contract/workspaces';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Avatar } from '../../components/avatar.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Choice, SettingsRow, SettingsSection } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { membersQuery } from '../../lib/queries/workspaces.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

const roles: readonly WorkspaceRole[] = ['owner', 'admin', 'member', 'guest'];

/** Who is in the workspace, and as what. */
export function MemberSettings() {
  const { workspace, me, members, canManage } = useWorkspaceScope();
  const [leaving, setLeaving] = useState<Member>();
  const membersKey = membersQuery(workspace.id).queryKey;
  const setRole = useChange(
    ({ member, role }: { member: Member; role: WorkspaceRole }) =>
      call('PATCH /workspaces/{id}/members/{userId}', {
        params: { id: workspace.id, userId: member.userId },
        body: { role },
        ifMatch: member.version,
      }),
    membersKey,
    ['workspace'],
  );
  const remove = useChange(
    (member: Member) =>
      call('DELETE /workspaces/{id}/members/{userId}', {
        params: { id: workspace.id, userId: member.userId },
        ifMatch: member.version,
      }),
    membersKey,
  );
  // Only owners make and unmake owners.
  const mayChange = (member: Member) => workspace.role === 'owner' || (canManage && member.role !== 'owner');
  const offered = roles.filter((role) => workspace.role === 'owner' || role !== 'owner');

  return (
    <SettingsSection title={t('settings.members')}>
      <ul>
        {members.map((member) => (
          <SettingsRow
            key={member.userId}
            icon={<Avatar userId={member.userId} name={member.name} size={28} />}
            name={member.userId === me.id ? `${member.name} (${t('common.you')})` : member.name}
            note={member.email ?? undefined}
          >
            <Choice
              label={t('member.role', { name: member.name })}
              value={member.role}
              disabled={!mayChange(member)}
              options={(mayChange(member) ? offered : roles).map((role) => ({ value: role, name: t(`role.${role}`) }))}
              onChoose={(role) => setRole.mutate({ member, role })}
            />
            {mayChange(member) && member.userId !== me.id && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('member.remove', { name: member.name })}
                onClick={() => setLeaving(member)}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </SettingsRow>
        ))}
      </ul>
      {leaving !== undefined && (
        <ConfirmDialog
          title={t('member.remove', { name: leaving.name })}
          text={t('member.removeText', { name: leaving.name })}
          action={t('common.remove')}
          onConfirm={() => remove.mutateAsync(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </SettingsSection>
  );
}
