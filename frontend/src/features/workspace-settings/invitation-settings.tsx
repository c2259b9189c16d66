import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import type { Answer } from '@taskflow/contract/api';
import { IconMail, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Choice, Secret, SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { ApiProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { invitationsQuery } from '../../lib/queries/workspaces.ts';
import { useChange } from '../../lib/use-change.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

type NewInvitation = Answer<'POST /workspaces/{id}/invitations'>;
type InvitedRole = 'admin' | 'member' | 'guest';

const roles: readonly InvitedRole[] = ['member', 'guest', 'admin'];

/** Links that let people in, and those that wait. */
export function InvitationSettings() {
  const { workspace } = useWorkspaceScope();
  const now = useNow();
  const query = invitationsQuery(workspace.id);
  const waiting = useQuery(query).data ?? [];
  const [made, setMade] = useState<NewInvitation>();
  const revoke = useChange(
    (invitationId: string) =>
      call('DELETE /workspaces/{id}/invitations/{invitationId}', { params: { id: workspace.id, invitationId } }),
    query.queryKey,
  );
  return (
    <SettingsSection title={t('invitation.title')} lead={t('invitation.lead')}>
      <InviteForm onMade={setMade} />
      {made !== undefined && (
        <Secret
          label={t('invitation.link')}
          hint={t('invitation.linkOnce')}
          value={made.url}
          copyLabel={t('invitation.copy')}
        />
      )}
      <ul>
        {waiting.map((invitation) => (
          <SettingsRow
            key={invitation.id}
            icon={<IconMail size={18} stroke={1.6} color="var(--text-3)" />}
            name={invitation.email}
            note={`${t(`role.${invitation.role}`)} · ${t('invitation.expires', { when: formatAgo(invitation.expiresAt, now) })}`}
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('invitation.revoke', { email: invitation.email })}
              onClick={() => revoke.mutate(invitation.id)}
            >
              <IconX size={16} />
            </ActionIcon>
          </SettingsRow>
        ))}
      </ul>
    </SettingsSection>
  );
}

function InviteForm({ onMade }: { readonly onMade: (invitation: NewInvitation) => void }) {
  const { workspace, projects } = useWorkspaceScope();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<InvitedRole>('member');
  const [projectIds, setProjectIds] = useState<string[]>([]);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!/^\S+@\S+$/.test(email.trim())) return setProblem(t('auth.emailInvalid'));
    setBusy(true);
    setProblem(undefined);
    try {
      const guestOf = role === 'guest' ? { projectIds } : {};
      onMade(
        await call('POST /workspaces/{id}/invitations', {
          params: { id: workspace.id },
          body: { email, role, ...guestOf },
        }),
      );
      setEmail('');
      await client.invalidateQueries({ queryKey: invitationsQuery(workspace.id).queryKey });
    } catch (error) {
      setProblem((error instanceof ApiProblem ? error.fieldError('email') : undefined) ?? problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={settingsClasses.foot} onSubmit={(event) => void submit(event)} noValidate>
      <TextInput
        className={settingsClasses.grow}
        label={t('auth.email')}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={problem}
      />
      <Choice
        label={t('invitation.role')}
        style={{ height: 36 }}
        value={role}
        options={roles.map((value) => ({ value, name: t(`role.${value}`) }))}
        onChoose={setRole}
      />
      <Button type="submit" loading={busy}>
        {t('invitation.create')}
      </Button>
      {role === 'guest' && projects.length > 0 && (
        <Checkbox.Group label={t('invitation.projects')} value={projectIds} onChange={setProjectIds} w="100%">
          {projects.map((project) => (
            <Checkbox key={project.id} mt={8} value={project.id} label={project.name} />
          ))}
        </Checkbox.Group>
      )}
    </form>
  );
}
