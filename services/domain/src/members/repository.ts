import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, maybeOne, one, type Sql, sql } from '@taskflow/db';
import { projectIsVisibleToMember } from '../access/visibility.ts';
import type { Document } from '../core/document.ts';
import type { IdPage } from '../core/id-page.ts';
import { bumpTasks, lockTasks } from '../tasks/bump.ts';
import { memberJson } from './json.ts';

/** A person in a workspace, as a change begins. */
export type Person = { readonly userId: string; readonly name: string; readonly role: WorkspaceRole };

const memberDocument = (viewerRole: WorkspaceRole): Sql => sql`
  select m.user_id as id, ${memberJson(viewerRole)}::text as json, m.version::text as etag
  from memberships m join users u on u.id = m.user_id`;

/** People of a workspace, in the order in which their accounts were made. */
export const listMembers = (
  executor: Executor,
  workspace: { readonly id: string; readonly role: WorkspaceRole },
  { after, rowLimit }: IdPage,
): Promise<Document[]> =>
  executor.query(
    sql`
      ${memberDocument(workspace.role)}
      where m.workspace_id = ${workspace.id} and (${after}::uuid is null or m.user_id > ${after}::uuid)
      order by m.user_id limit ${rowLimit}`,
    { name: 'member-list' },
  );

/** One person of a workspace, to somebody with this role. */
export const readMember = (
  executor: Executor,
  workspaceId: string,
  userId: string,
  viewerRole: WorkspaceRole,
): Promise<Document> =>
  one(
    executor,
    sql`${memberDocument(viewerRole)} where m.workspace_id = ${workspaceId} and m.user_id = ${userId}::uuid`,
  );

/** Who somebody is in a workspace, if they are. Stays true while the workspace is locked. */
export const findPerson = (tx: Executor, workspaceId: string, userId: string): Promise<Person | undefined> =>
  maybeOne(
    tx,
    sql`
      select m.user_id as "userId", u.name, m.role from memberships m join users u on u.id = m.user_id
      where m.workspace_id = ${workspaceId} and m.user_id = ${userId}::uuid`,
  );

/** How many owners a workspace has. Stays true while the workspace is locked. */
export async function countOwners(tx: Executor, workspaceId: string): Promise<number> {
  const { owners } = await one<{ owners: number }>(
    tx,
    sql`select count(*)::int as owners from memberships where workspace_id = ${workspaceId} and role = 'owner'`,
  );
  return owners;
}

/** The tasks `t` of a workspace that somebody is assigned to. */
const assignedTo = (workspaceId: string, userId: string): Sql => sql`
  t.workspace_id = ${workspaceId}
  and exists (select from task_assignees a where a.task_id = t.id and a.user_id = ${userId}::uuid)`;

/** The tasks `t` of projects that somebody does not see with this role. */
const outOfSight = (userId: string, role: WorkspaceRole): Sql => sql`
  not exists (
    select from projects p cross join (select ${userId}::uuid as user_id, ${role}::workspace_role as role) m
    where p.id = t.project_id and ${projectIsVisibleToMember}
  )`;

/**
 * Locks a membership, so that it is neither changed nor assigned to anything meanwhile; before that the tasks that
 * the person is to be taken off, which everybody locks first.
 *
 * @param nextRole null when the person goes for good
 * @returns the membership's version
 */
export async function lockMembership(
  tx: Executor,
  workspaceId: string,
  { userId }: Person,
  nextRole: WorkspaceRole | null,
): Promise<number> {
  const leaving = nextRole === null ? sql`` : sql` and ${outOfSight(userId, nextRole)}`;
  await lockTasks(tx, sql`${assignedTo(workspaceId, userId)}${leaving}`);
  const { version } = await one<{ version: number }>(
    tx,
    sql`
      select version from memberships where workspace_id = ${workspaceId} and user_id = ${userId}::uuid for update`,
  );
  return version;
}

/** Takes somebody off the tasks that they will not see with this role. @param nextRole null takes them off all */
export async function unassign(
  tx: Executor,
  workspaceId: string,
  userId: string,
  nextRole: WorkspaceRole | null,
): Promise<void> {
  const condition = nextRole === null ? sql`true` : outOfSight(userId, nextRole);
  const rows = await tx.query<{ task_id: string }>(sql`
    delete from task_assignees a using tasks t
    where a.workspace_id = ${workspaceId} and a.user_id = ${userId}::uuid and t.id = a.task_id and ${condition}
    returning a.task_id`);
  if (rows.length > 0) {
    await bumpTasks(
      tx,
      rows.map((row) => row.task_id),
    );
  }
}

/** Takes somebody out of a workspace and all of its projects. */
export async function deleteMembership(tx: Executor, workspaceId: string, userId: string): Promise<void> {
  await tx.query(sql`
    delete from project_members where workspace_id = ${workspaceId} and user_id = ${userId}::uuid`);
  await tx.query(sql`
    delete from memberships where workspace_id = ${workspaceId} and user_id = ${userId}::uuid`);
}
