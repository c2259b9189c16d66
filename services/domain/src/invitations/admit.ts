import { DomainError, notFound } from '../core/errors.ts';
import { hashSecret } from '../core/secrets.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { isAbove, setRole } from '../members/roles.ts';
import { lockWorkspace } from '../workspaces/lock.ts';
import { findRole, insertMembership, joinProjects, lockInvitation, markAccepted, workspaceOf } from './repository.ts';

/** Somebody who follows the link of an invitation. */
export interface Invitee {
  readonly userId: string;
  readonly name: string;
}

/** The invitation was used, revoked or has expired. */
export const invitationSpent = () => new DomainError('invitation_spent');

/**
 * Lets somebody into the workspace of an invitation, and spends it. Of several people who follow one link at the same
 * time exactly one gets in. Whoever is in already stays what they are, or becomes more.
 *
 * @returns the workspace
 * @throws DomainError `not_found`; `invitation_spent`, but never to somebody who is in the workspace
 */
export async function admit(unit: UnitOfWork, { userId, name }: Invitee, token: string): Promise<string> {
  const tokenHash = hashSecret(token);
  const workspace = await workspaceOf(unit, tokenHash);
  if (workspace === undefined) {
    throw notFound();
  }
  if (workspace.isDeleted) {
    throw invitationSpent();
  }
  // the order in which everybody locks: the workspace, then what is in it
  await lockWorkspace(unit, workspace.id);
  const { id, role, projectIds, isWaiting } = await lockInvitation(unit, tokenHash);
  const roleBefore = await findRole(unit, workspace.id, userId);
  if (!isWaiting) {
    if (roleBefore === undefined) {
      throw invitationSpent();
    }
    return workspace.id;
  }
  const happened = { workspaceId: workspace.id, actorId: userId, subjectId: userId, subject: name };
  if (roleBefore === undefined) {
    await insertMembership(unit, workspace.id, userId, role);
    unit.record({ ...happened, type: 'member.joined', changes: { role: { to: role } } });
  } else if (isAbove(role, roleBefore)) {
    await setRole(unit, workspace.id, userId, role);
    unit.record({ ...happened, type: 'member.updated', changes: { role: { from: roleBefore, to: role } } });
  }
  const isGuest = role === 'guest' && (roleBefore === undefined || roleBefore === 'guest');
  const projectRole = isGuest ? 'guest' : 'member';
  for (const projectId of await joinProjects(unit, workspace.id, userId, projectIds, projectRole)) {
    unit.record({ ...happened, projectId, type: 'project_member.set', changes: { role: { to: projectRole } } });
  }
  await markAccepted(unit, id, userId);
  return workspace.id;
}
