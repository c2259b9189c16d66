import type { ProjectRole } from '@taskflow/contract/projects';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, maybeOne, one, sql } from '@taskflow/db';
import { projectIsVisibleToMember } from '../access/visibility.ts';
import type { Document } from '../core/document.ts';
import { bumpTasks, lockTasks } from '../tasks/bump.ts';
import { projectMemberJson } from './json.ts';

/** A person whose place in a project is about to change. */
export type Candidate = {
  readonly name: string;
  readonly workspaceRole: WorkspaceRole;
  readonly role: ProjectRole | null;
};

/** By name. */
export async function listMembers(executor: Executor, projectId: string): Promise<{ json: string }[]> {
  return executor.query<{ json: string }>(
    sql`
      select ${projectMemberJson}::text as json
      from project_members pm join users u on u.id = pm.user_id
      where pm.project_id = ${projectId}
      order by lower(u.name), u.id`,
    { name: 'project-member-list' },
  );
}

/** A person of the workspace, who stays one with this role until the transaction ends. */
export async function lockCandidate(
  executor: Executor,
  place: { readonly workspaceId: string; readonly projectId: string },
  userId: string,
): Promise<Candidate | undefined> {
  return maybeOne<Candidate>(
    executor,
    sql`
      select u.name, m.role as "workspaceRole",
        (select pm.role from project_members pm where pm.project_id = ${place.projectId} and pm.user_id = m.user_id)
          as role
      from memberships m join users u on u.id = m.user_id
      where m.workspace_id = ${place.workspaceId} and m.user_id = ${userId}::uuid
      for share of m`,
  );
}

/** Adds a person to a project, or changes the role there. */
export async function putMember(
  executor: Executor,
  place: { readonly workspaceId: string; readonly projectId: string },
  userId: string,
  role: ProjectRole,
): Promise<Document> {
  return one<Document>(
    executor,
    sql`
      with pm as (
        insert into project_members (workspace_id, project_id, user_id, role)
        values (${place.workspaceId}, ${place.projectId}, ${userId}::uuid, ${role})
        on conflict (project_id, user_id) do update set role = excluded.role
        returning user_id, role, added_at
      )
      select pm.user_id as id, ${projectMemberJson}::text as json, pm.role as etag
      from pm join users u on u.id = pm.user_id`,
  );
}

/** Takes a person out of a project. */
export async function deleteMember(executor: Executor, projectId: string, userId: string): Promise<void> {
  await executor.query(sql`delete from project_members where project_id = ${projectId} and user_id = ${userId}::uuid`);
}

/** Takes a person off these tasks. */
export async function unassign(executor: Executor, taskIds: readonly string[], userId: string): Promise<void> {
  await executor.query(sql`
    delete from task_assignees where task_id = any(${taskIds}::uuid[]) and user_id = ${userId}::uuid`);
}

/** Takes everybody who does not see a project off its tasks. */
export async function unassignOutsiders(executor: Executor, projectId: string): Promise<void> {
  const outsiders = sql`
    select a.task_id, a.user_id
    from projects p
    join tasks t on t.project_id = p.id
    join task_assignees a on a.task_id = t.id
    join memberships m on m.workspace_id = a.workspace_id and m.user_id = a.user_id
    where p.id = ${projectId} and not ${projectIsVisibleToMember}`;
  const taskIds = await lockTasks(executor, sql`t.id in (select o.task_id from (${outsiders}) o)`);
  await executor.query(sql`
    delete from task_assignees a using (${outsiders}) o where a.task_id = o.task_id and a.user_id = o.user_id`);
  await bumpTasks(executor, taskIds);
}
