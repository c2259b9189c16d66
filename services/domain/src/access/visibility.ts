import { type Sql, sql } from '@taskflow/db';
import type { ProjectScope, WorkspaceScope, WorkspaceAccess } from './access.ts';

/**
 * Whether a person sees a project: owners and admins all of them; members those that are open to the workspace and
 * their own; guests their own.
 */
export function seesProject(role: WorkspaceScope['role'], project: Pick<ProjectScope, 'visibility' | 'role'>): boolean {
  switch (role) {
    case 'owner':
    case 'admin':
      return true;
    case 'member':
      return project.visibility === 'workspace' || project.role !== null;
    case 'guest':
      return project.role !== null;
  }
}

/** {@link seesProject} as a condition on the row `p` of projects, for lists. */
export const projectIsVisible = (access: WorkspaceAccess): Sql =>
  sql`${projectWasVisible(access)} and p.deleted_at is null`;

/** {@link projectIsVisible}, for projects that were deleted too: for what is told of the past. */
export function projectWasVisible(access: WorkspaceAccess): Sql {
  const isMember = sql`exists (
    select from project_members pm where pm.project_id = p.id and pm.user_id = ${access.caller.userId}
  )`;
  const inWorkspace = sql`p.workspace_id = ${access.workspace.id}`;
  switch (access.workspace.role) {
    case 'owner':
    case 'admin':
      return inWorkspace;
    case 'member':
      return sql`${inWorkspace} and (p.visibility = 'workspace' or ${isMember})`;
    case 'guest':
      return sql`${inWorkspace} and ${isMember}`;
  }
}

/** {@link seesProject} as a condition on the rows `m` of memberships and `p` of projects, across workspaces. */
export const projectIsVisibleToMember: Sql = sql`(
  m.role in ('owner', 'admin')
  or (m.role = 'member' and p.visibility = 'workspace')
  or exists (select from project_members pm where pm.project_id = p.id and pm.user_id = m.user_id)
)`;
