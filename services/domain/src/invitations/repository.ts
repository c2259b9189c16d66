import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, maybeOne, one, sql } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import { projectIsVisible } from '../access/visibility.ts';
import type { IdPage } from '../core/id-page.ts';
import { invitationJson, invitationPreviewJson } from './json.ts';

/** An invitation to be. */
export interface NewInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: WorkspaceRole;
  readonly projectIds: readonly string[];
  readonly tokenHash: Buffer;
  readonly ttlDays: number;
}

/** An invitation whose link somebody holds. */
export type HeldInvitation = {
  readonly id: string;
  readonly workspaceId: string;
  readonly role: WorkspaceRole;
  readonly projectIds: readonly string[];
  readonly isWaiting: boolean;
};

const isWaiting = sql`i.accepted_at is null and i.revoked_at is null and i.expires_at > now()`;

/** Invitations of a workspace that nobody has used yet, newest first. */
export const listWaiting = (
  executor: Executor,
  workspaceId: string,
  { after, rowLimit }: IdPage,
): Promise<{ readonly id: string; readonly json: string }[]> =>
  executor.query(sql`
    select i.id, ${invitationJson}::text as json from invitations i
    where i.workspace_id = ${workspaceId} and ${isWaiting} and (${after}::uuid is null or i.id < ${after}::uuid)
    order by i.id desc limit ${rowLimit}`);

/** Creates an invitation. @param url its link, which this answer alone holds */
export const insertInvitation = (
  tx: Executor,
  { caller, workspace }: WorkspaceAccess,
  invitation: NewInvitation,
  url: string,
): Promise<{ readonly json: string }> =>
  one(
    tx,
    sql`
      insert into invitations as i (id, workspace_id, email, role, project_ids, token_hash, invited_by, expires_at)
      values (${invitation.id}, ${workspace.id}, ${invitation.email}, ${invitation.role},
        ${invitation.projectIds}::uuid[], ${invitation.tokenHash}, ${caller.userId},
        now() + make_interval(days => ${invitation.ttlDays}::int))
      returning (${invitationJson}::jsonb || jsonb_build_object('url', ${url}::text))::text as json`,
  );

/** What an invitation's mail calls those who send it. */
export const readNames = (
  executor: Executor,
  userId: string,
  workspaceId: string,
): Promise<{ readonly inviterName: string; readonly workspaceName: string }> =>
  one(
    executor,
    sql`
      select u.name as "inviterName", w.name as "workspaceName" from users u, workspaces w
      where u.id = ${userId} and w.id = ${workspaceId}`,
  );

/** Which of these projects the caller sees. */
export async function visibleProjectIds(
  executor: Executor,
  access: WorkspaceAccess,
  projectIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await executor.query<{ id: string }>(sql`
    select p.id from projects p where ${projectIsVisible(access)} and p.id = any(${projectIds}::uuid[])`);
  return new Set(rows.map(({ id }) => id));
}

/** Whether somebody with this address is in the workspace. */
export async function isMemberByEmail(executor: Executor, workspaceId: string, email: string): Promise<boolean> {
  const found = await maybeOne(
    executor,
    sql`
      select 1 from users u join memberships m on m.user_id = u.id
      where u.email = ${email} and m.workspace_id = ${workspaceId}`,
  );
  return found !== undefined;
}

/** Revokes an invitation that waits. @returns whether there was one */
export async function revokeWaiting(tx: Executor, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update invitations i set revoked_at = now()
    where i.workspace_id = ${workspaceId} and i.id = ${id}::uuid and ${isWaiting}
    returning i.id`);
  return rows.length > 0;
}

/** What an invitation is for; null when it waits no more. @returns undefined when no invitation has this hash */
export const preview = (executor: Executor, tokenHash: Buffer): Promise<{ readonly json: string | null } | undefined> =>
  maybeOne(
    executor,
    sql`
      select case when ${isWaiting} and w.deleted_at is null then ${invitationPreviewJson}::text end as json
      from invitations i join workspaces w on w.id = i.workspace_id join users u on u.id = i.invited_by
      where i.token_hash = ${tokenHash}`,
  );

/** The workspace that a link leads to, if there is such a link. */
export const workspaceOf = (
  executor: Executor,
  tokenHash: Buffer,
): Promise<{ readonly id: string; readonly isDeleted: boolean } | undefined> =>
  maybeOne(
    executor,
    sql`
      select w.id, w.deleted_at is not null as "isDeleted"
      from invitations i join workspaces w on w.id = i.workspace_id
      where i.token_hash = ${tokenHash}`,
  );

/** Locks the invitation of a link: of several who follow it at once, each sees what the one before did. */
export const lockInvitation = (tx: Executor, tokenHash: Buffer): Promise<HeldInvitation> =>
  one(
    tx,
    sql`
      select i.id, i.workspace_id as "workspaceId", i.role, i.project_ids as "projectIds", ${isWaiting} as "isWaiting"
      from invitations i where i.token_hash = ${tokenHash}
      for update`,
  );

/** Spends an invitation. */
export async function markAccepted(tx: Executor, id: string, userId: string): Promise<void> {
  await tx.query(sql`update invitations set accepted_at = now(), accepted_by = ${userId} where id = ${id}`);
}

/** Takes somebody into a workspace. */
export async function insertMembership(
  tx: Executor,
  workspaceId: string,
  userId: string,
  role: WorkspaceRole,
): Promise<void> {
  await tx.query(sql`
    insert into memberships (workspace_id, user_id, role) values (${workspaceId}, ${userId}, ${role})`);
}

/** What somebody is in a workspace. Stays true while the workspace is locked. */
export async function findRole(tx: Executor, workspaceId: string, userId: string): Promise<WorkspaceRole | undefined> {
  const row = await maybeOne<{ role: WorkspaceRole }>(
    tx,
    sql`select role from memberships where workspace_id = ${workspaceId} and user_id = ${userId}`,
  );
  return row?.role;
}

/**
 * Adds somebody to the projects of an invitation that are still there; what they are in one already stays.
 *
 * @returns the projects that they are new in
 */
export async function joinProjects(
  tx: Executor,
  workspaceId: string,
  userId: string,
  projectIds: readonly string[],
  role: 'member' | 'guest',
): Promise<readonly string[]> {
  const rows = await tx.query<{ project_id: string }>(sql`
    insert into project_members (workspace_id, project_id, user_id, role)
    select p.workspace_id, p.id, ${userId}::uuid, ${role} from projects p
    where p.workspace_id = ${workspaceId} and p.id = any(${projectIds}::uuid[]) and p.deleted_at is null
    order by p.id
    on conflict do nothing
    returning project_id`);
  return rows.map((row) => row.project_id);
}
