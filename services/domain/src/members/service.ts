import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import type { Executor } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import { authorize, can } from '../access/can.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { withdrawInvitationsOf } from '../invitations/withdraw.ts';
import { lockWorkspace } from '../workspaces/lock.ts';
import {
  countOwners,
  deleteMembership,
  findPerson,
  listMembers,
  lockMembership,
  type Person,
  readMember,
  unassign,
} from './repository.ts';
import { setRole } from './roles.ts';

/** People of a workspace. */
export interface MemberService {
  /** Everybody in it may know the names; guests are not told addresses. */
  list(access: WorkspaceAccess, query: PageQuery): Promise<DocumentPage>;
  /**
   * Gives somebody another role. They are taken off tasks that they no longer see.
   *
   * @throws DomainError `forbidden` when the caller may not, only owners being above owners; `last_owner`;
   * `not_found`; `stale_version`
   */
  update(
    unit: UnitOfWork,
    access: WorkspaceAccess,
    userId: string,
    input: { readonly role: WorkspaceRole },
    expectedVersion: number | undefined,
  ): Promise<Document>;
  /**
   * Takes somebody out of the workspace, its projects and its tasks; anybody may take themselves out.
   *
   * @throws DomainError as `update` does
   */
  remove(unit: UnitOfWork, access: WorkspaceAccess, userId: string, expectedVersion: number | undefined): Promise<void>;
}

/** Who acts on whom, read again under the workspace's lock: what the edge knew may be history. */
interface Encounter {
  readonly access: WorkspaceAccess;
  readonly person: Person;
}

async function meet(unit: UnitOfWork, access: WorkspaceAccess, userId: string): Promise<Encounter> {
  const { caller, workspace } = access;
  await lockWorkspace(unit, workspace.id);
  const self = await findPerson(unit, workspace.id, caller.userId);
  const person = isId(userId) ? await findPerson(unit, workspace.id, userId) : undefined;
  if (self === undefined || person === undefined) {
    throw notFound();
  }
  return { access: { ...access, workspace: { ...workspace, role: self.role } }, person };
}

/** @throws DomainError `last_owner` when nobody would own the workspace without this person */
async function assertOwnerRemains(unit: UnitOfWork, { access, person }: Encounter): Promise<void> {
  if (person.role === 'owner' && (await countOwners(unit, access.workspace.id)) === 1) {
    throw new DomainError('last_owner');
  }
}

const happened = ({ access, person }: Encounter) => ({
  workspaceId: access.workspace.id,
  actorId: access.caller.userId,
  subjectId: person.userId,
  subject: person.name,
});

async function update(
  unit: UnitOfWork,
  at: WorkspaceAccess,
  userId: string,
  role: WorkspaceRole,
  expectedVersion: number | undefined,
): Promise<Document> {
  authorize(at, 'workspace.manage');
  const encounter = await meet(unit, at, userId);
  const { access, person } = encounter;
  const { workspace } = access;
  authorize(access, person.role === 'owner' || role === 'owner' ? 'workspace.change_owners' : 'workspace.manage');
  assertVersion(await lockMembership(unit, workspace.id, person, role), expectedVersion);
  if (role !== person.role) {
    await assertOwnerRemains(unit, encounter);
    await setRole(unit, workspace.id, person.userId, role);
    await unassign(unit, workspace.id, person.userId, role);
    if (!can({ ...access, workspace: { ...workspace, role } }, 'workspace.invite')) {
      await withdrawInvitationsOf(unit, workspace.id, person.userId);
    }
    unit.record({
      ...happened(encounter),
      type: 'member.updated',
      changes: { role: { from: person.role, to: role } },
    });
  }
  return readMember(unit, workspace.id, person.userId, workspace.role);
}

async function remove(
  unit: UnitOfWork,
  at: WorkspaceAccess,
  userId: string,
  expectedVersion: number | undefined,
): Promise<void> {
  const encounter = await meet(unit, at, userId);
  const { access, person } = encounter;
  if (person.userId !== access.caller.userId) {
    authorize(access, person.role === 'owner' ? 'workspace.change_owners' : 'workspace.manage');
  }
  const workspaceId = access.workspace.id;
  assertVersion(await lockMembership(unit, workspaceId, person, null), expectedVersion);
  await assertOwnerRemains(unit, encounter);
  await unassign(unit, workspaceId, person.userId, null);
  await withdrawInvitationsOf(unit, workspaceId, person.userId);
  await deleteMembership(unit, workspaceId, person.userId);
  unit.record({ ...happened(encounter), type: 'member.removed', changes: { role: { from: person.role } } });
}

/** People of workspaces; reads run on `executor`. */
export const createMemberService = ({ executor }: { readonly executor: Executor }): MemberService => ({
  async list({ workspace }, query) {
    const page = idPage(query, ['members', workspace.id]);
    return page.toPage(await listMembers(executor, workspace, page));
  },
  update: (unit, access, userId, { role }, expectedVersion) => update(unit, access, userId, role, expectedVersion),
  remove,
});
