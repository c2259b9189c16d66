import { type WorkspaceRole, workspaceRoles } from '@taskflow/contract/workspaces';
import { type Executor, sql } from '@taskflow/db';

/** Whether one role may more than another. */
export const isAbove = (role: WorkspaceRole, other: WorkspaceRole): boolean =>
  workspaceRoles.indexOf(role) < workspaceRoles.indexOf(other);

/**
 * Gives somebody another role in a workspace. Their projects follow: a guest of the workspace is a guest everywhere,
 * and whoever stops being one works in the projects that they were a guest of.
 */
export async function setRole(tx: Executor, workspaceId: string, userId: string, role: WorkspaceRole): Promise<void> {
  await tx.query(sql`
    with membership as (
      select user_id, role from memberships where workspace_id = ${workspaceId} and user_id = ${userId}::uuid
    ), projects as (
      update project_members pm
      set role = case when ${role}::workspace_role = 'guest' then 'guest'::project_role else 'member' end
      from membership
      where pm.workspace_id = ${workspaceId} and pm.user_id = membership.user_id
        and (${role}::workspace_role = 'guest' or (membership.role = 'guest' and pm.role = 'guest'))
    )
    update memberships set role = ${role}, version = version + 1
    where workspace_id = ${workspaceId} and user_id = ${userId}::uuid`);
}
