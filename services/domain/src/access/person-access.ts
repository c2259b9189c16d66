import type { ProjectRole } from '@taskflow/contract/projects';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, maybeOne, sql } from '@taskflow/db';
import { notFound } from '../core/errors.ts';
import type { Caller, ProjectAccess, WorkspaceAccess } from './access.ts';
import { seesProject } from './visibility.ts';

/**
 * Where no credential is at hand - in a job that somebody asked for, or in the unit of their request: what they see now
 * of a workspace.
 *
 * @throws DomainError `not_found` when it is not there, or they are not in it any more
 */
export async function workspaceAccessOf(
  executor: Executor,
  caller: Caller,
  workspaceId: string,
): Promise<WorkspaceAccess> {
  const row = await maybeOne<{ id: string; slug: string; role: WorkspaceRole }>(
    executor,
    sql`
      select w.id, w.slug, m.role from workspaces w
      join memberships m on m.workspace_id = w.id and m.user_id = ${caller.userId}
      where w.id = ${workspaceId} and w.deleted_at is null`,
    { name: 'access-of-person-workspace' },
  );
  if (row === undefined) {
    throw notFound();
  }
  return { caller, workspace: { id: row.id, slug: row.slug, role: row.role } };
}

/** The same for a project. @throws DomainError `not_found` when it is not there, or they do not see it any more */
export async function projectAccessOf(executor: Executor, caller: Caller, projectId: string): Promise<ProjectAccess> {
  const row = await maybeOne<{
    workspace_id: string;
    slug: string;
    role: WorkspaceRole;
    id: string;
    key: string;
    visibility: 'workspace' | 'private';
    project_role: ProjectRole | null;
  }>(
    executor,
    sql`
      select w.id as workspace_id, w.slug, m.role, p.id, p.key, p.visibility, pm.role as project_role
      from projects p
      join workspaces w on w.id = p.workspace_id and w.deleted_at is null
      join memberships m on m.workspace_id = w.id and m.user_id = ${caller.userId}
      left join project_members pm on pm.project_id = p.id and pm.user_id = m.user_id
      where p.id = ${projectId} and p.deleted_at is null`,
    { name: 'access-of-person-project' },
  );
  if (row === undefined) {
    throw notFound();
  }
  const { workspace_id: id, slug, role } = row;
  const project = { id: row.id, key: row.key, visibility: row.visibility, role: row.project_role };
  if (!seesProject(role, project)) {
    throw notFound();
  }
  return { caller, workspace: { id, slug, role }, project };
}

/** Whoever asked for a job, as its caller. The job may do what they may; it signs in as nobody. */
export const callerOfJob = (userId: string, jobId: string): Caller => ({
  userId,
  isOperator: false,
  credential: 'session',
  credentialId: jobId,
  scopes: ['read', 'write', 'admin'],
});
