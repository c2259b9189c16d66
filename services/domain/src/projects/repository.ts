import { type Executor, maybeOne, one, type Sql, sql } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import { projectIsVisible } from '../access/visibility.ts';
import type { Position } from '../core/cursor.ts';
import type { Document } from '../core/document.ts';
import { notFound } from '../core/errors.ts';
import type { KeyedRow } from '../core/key-page.ts';
import { callersRole, projectEtag, projectJson } from './json.ts';
import type { ProjectRow } from './lock.ts';

/** A project to insert, with what it is never without. */
export interface NewProject extends Omit<ProjectRow, 'version'> {
  readonly id: string;
  readonly workspaceId: string;
  readonly leadId: string;
  /** Statement that inserts its statuses. */
  readonly statuses: Sql;
}

/** By name. */
export async function listProjects(
  executor: Executor,
  access: WorkspaceAccess,
  page: { readonly after: Position | undefined; readonly rowLimit: number },
): Promise<KeyedRow[]> {
  const { after, rowLimit } = page;
  return executor.query<{ id: string; key: string; json: string }>(
    sql`
      select p.id, lower(p.name) as key, ${projectJson}::text as json
      from projects p ${callersRole(access.caller.userId)}
      where ${projectIsVisible(access)}
        ${after === undefined ? sql`` : sql`and (lower(p.name), p.id) > (${after.key}, ${after.id}::uuid)`}
      order by lower(p.name), p.id
      limit ${rowLimit}`,
    { name: 'project-list' },
  );
}

/**
 * A project as this person sees it.
 *
 * @throws DomainError `not_found` when it was deleted
 */
export async function readProject(executor: Executor, projectId: string, userId: string): Promise<Document> {
  const row = await maybeOne<Document>(
    executor,
    sql`
      select p.id, ${projectJson}::text as json, ${projectEtag} as etag
      from projects p ${callersRole(userId)}
      where p.id = ${projectId} and p.deleted_at is null`,
    { name: 'project-read' },
  );
  if (row === undefined) {
    throw notFound();
  }
  return row;
}

/** Inserts a project with its key, its counter of tasks, its lead and its statuses. */
export async function insertProject(executor: Executor, project: NewProject): Promise<void> {
  const { id, workspaceId, key, name, description, color, visibility, leadId, statuses } = project;
  await executor.query(
    sql`
      with project as (
        insert into projects (id, workspace_id, key, name, description, color, visibility)
        values (${id}, ${workspaceId}, ${key}, ${name}, ${description}, ${color}, ${visibility})
      ), key as (
        insert into project_keys (workspace_id, key, project_id) values (${workspaceId}, ${key}, ${id})
      ), counter as (
        insert into task_counters (project_id) values (${id})
      ), lead as (
        insert into project_members (workspace_id, project_id, user_id, role)
        values (${workspaceId}, ${id}, ${leadId}, 'lead')
      )
      ${statuses}`,
    { name: 'project-insert' },
  );
}

/**
 * Makes a key lead to a project from now on; the keys it had lead there too.
 *
 * @returns false when it leads, or once led, to another one
 */
export async function claimKey(
  executor: Executor,
  workspaceId: string,
  key: string,
  projectId: string,
): Promise<boolean> {
  const rows = await executor.query(sql`
    insert into project_keys (workspace_id, key, project_id) values (${workspaceId}, ${key}, ${projectId})
    on conflict (workspace_id, key) do update set project_id = excluded.project_id
      where project_keys.project_id = excluded.project_id
    returning key`);
  return rows.length > 0;
}

/** Writes every setting of a project. */
export async function updateProject(
  executor: Executor,
  projectId: string,
  next: Omit<ProjectRow, 'version'>,
): Promise<void> {
  const { name, key, description, color, visibility } = next;
  await executor.query(sql`
    update projects
    set name = ${name}, key = ${key}, description = ${description}, color = ${color}, visibility = ${visibility},
      version = version + 1, updated_at = now()
    where id = ${projectId}`);
}

/** So many tasks are changed by one statement: each has its deadline, and a big project needs several. */
const tasksAtATime = 5_000;

/**
 * Counts the new key as a change of every task, because it stands in their bodies. `updated_at` stays: nobody worked
 * on them, and their order by it should not be lost.
 */
export async function bumpTasksOfProject(executor: Executor, projectId: string): Promise<void> {
  const { last } = await one<{ last: number }>(
    executor,
    sql`select last_number as last from task_counters where project_id = ${projectId}`,
  );
  for (let first = 1; first <= last; first += tasksAtATime) {
    await executor.query(sql`
      update tasks set version = version + 1
      where project_id = ${projectId} and number between ${first} and ${first + tasksAtATime - 1}
        and deleted_at is null`);
  }
}

/** Deletes a project, or brings it back. */
export async function setDeleted(executor: Executor, projectId: string, deleted: boolean): Promise<void> {
  await executor.query(sql`
    update projects
    set deleted_at = ${deleted ? sql`now()` : sql`null`}, version = version + 1, updated_at = now()
    where id = ${projectId}`);
}

/** Locks a project that was deleted; undefined when it is there again. */
export async function lockDeletedProject(executor: Executor, projectId: string): Promise<{ name: string } | undefined> {
  return maybeOne<{ name: string }>(
    executor,
    sql`select name from projects where id = ${projectId} and deleted_at is not null for no key update`,
  );
}
