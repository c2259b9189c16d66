import { ActionIcon, Button } from '@mantine/core';
import type { ProjectRole } from '@taskflow/contract/projects';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { MouseEvent } from 'react';
import { Avatar } from '../../components/avatar.tsx';
import { openPicker } from '../../components/picker/picker-store.ts';
import { Choice, SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { projectMembersQuery } from '../../lib/queries/projects.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

const roles: readonly ProjectRole[] = ['lead', 'member', 'guest'];

/** Who belongs to a project, and as what. */
export function ProjectPeople() {
  const { project } = useProjectScope();
  const { members, memberById } = useWorkspaceScope();
  const query = projectMembersQuery(project.id);
  const people = useQuery(query).data ?? [];
  const put = useChange(
    ({ userId, role }: { userId: string; role: ProjectRole }) =>
      call('PUT /projects/{id}/members/{userId}', { params: { id: project.id, userId }, body: { role } }),
    query.queryKey,
    ['projects'],
  );
  const remove = useChange(
    (userId: string) => call('DELETE /projects/{id}/members/{userId}', { params: { id: project.id, userId } }),
    query.queryKey,
    ['projects'],
  );
  const outside = members.filter(({ userId }) => !people.some((person) => person.userId === userId));
  const add = ({ currentTarget }: MouseEvent<HTMLElement>) =>
    openPicker(currentTarget, {
      kind: 'one',
      label: t('person.add'),
      options: outside.map(({ userId, name }) => ({
        id: userId,
        label: name,
        icon: <Avatar userId={userId} name={name} />,
      })),
      onPick: (userId) => put.mutate({ userId, role: memberById.get(userId)?.role === 'guest' ? 'guest' : 'member' }),
    });
  return (
    <SettingsSection title={t('settings.people')}>
      <ul>
        {people.map(({ userId, name, role }) => (
          <SettingsRow key={userId} icon={<Avatar userId={userId} name={name} size={28} />} name={name}>
            <Choice
              label={t('member.role', { name })}
              value={role}
              options={roles.map((value) => ({ value, name: t(`role.${value}`) }))}
              onChoose={(next) => put.mutate({ userId, role: next })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('person.remove', { name })}
              onClick={() => remove.mutate(userId)}
            >
              <IconX size={16} />
            </ActionIcon>
          </SettingsRow>
        ))}
      </ul>
      {outside.length > 0 && (
        <div className={settingsClasses.foot}>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
            {t('person.add')}
          </Button>
        </div>
      )}
    </SettingsSection>
  );
}
