import type { StatusCategory } from '@taskflow/contract/projects';
import { type Executor, one, sql } from '@taskflow/db';
import type { Document } from '../core/document.ts';
import { inPortions, lockTasks } from '../tasks/bump.ts';
import { statusJson } from './json.ts';

/** A status as its own row has it. */
export type StatusRow = {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly category: StatusCategory;
  readonly color: string;
  readonly position: number;
};

/** A task whose status goes away. */
export type MovedTask = { readonly id: string; readonly title: string; readonly deleted: boolean };

const ofProject = (projectId: string) => sql`s.project_id = ${projectId} and s.deleted_at is null`;

/** In the order of the board. */
export async function listStatuses(executor: Executor, projectId: string): Promise<{ json: string }[]> {
  return executor.query<{ json: string }>(
    sql`select ${statusJson}::text as json from statuses s where ${ofProject(projectId)} order by s.position, s.id`,
    { name: 'status-list' },
  );
}

/** In the order of the board, for whoever holds the lock of the project. */
export async function readRows(executor: Executor, projectId: string): Promise<StatusRow[]> {
  return executor.query<StatusRow>(
    sql`
      select s.id, s.version, s.name, s.category, s.color, s.position from statuses s
      where ${ofProject(projectId)}
      order by s.position, s.id`,
    { name: 'status-rows' },
  );
}

/** A status that is there. */
export async function readStatus(executor: Executor, statusId: string): Promise<Document> {
  return one<Document>(
    executor,
    sql`select s.id, ${statusJson}::text as json, s.version::text as etag from statuses s where s.id = ${statusId}`,
    { name: 'status-read' },
  );
}

/** Inserts a status. */
export async function insertStatus(
  executor: Executor,
  place: { readonly workspaceId: string; readonly projectId: string },
  status: Omit<StatusRow, 'version'>,
): Promise<void> {
  await executor.query(sql`
    insert into statuses (id, workspace_id, project_id, name, category, color, position)
    values (${status.id}, ${place.workspaceId}, ${place.projectId}, ${status.name}, ${status.category},
      ${status.color}, ${status.position})`);
}

/** Writes every field of a status. */
export async function updateStatus(executor: Executor, status: Omit<StatusRow, 'version'>): Promise<void> {
  await executor.query(sql`
    update statuses
    set name = ${status.name}, category = ${status.category}, color = ${status.color}, position = ${status.position},
      version = version + 1, updated_at = now()
    where id = ${status.id}`);
}

/** Gives the statuses the positions that they have in `ids`; only those that really move become newer. */
export async function arrange(executor: Executor, ids: readonly string[]): Promise<void> {
  await executor.query(sql`
    update statuses s
    set position = place.number - 1, version = s.version + 1, updated_at = now()
    from unnest(${ids}::uuid[]) with ordinality as place (id, number)
    where s.id = place.id and s.position <> place.number - 1`);
}

/**
 * Locks the tasks of a status, deleted ones included, and the status itself until the transaction ends: nobody puts a
 * task into it meanwhile, because whoever puts a task somewhere holds a share of its status.
 *
 * @returns the ids of the tasks
 */
export async function closeStatus(executor: Executor, projectId: string, statusId: string): Promise<string[]> {
  const ofStatus = sql`t.project_id = ${projectId} and t.status_id = ${statusId}`;
  await lockTasks(executor, ofStatus);
  await executor.query(sql`select from statuses where id = ${statusId} for update`);
  // Again: until the status was locked, others could put more tasks into it.
  return lockTasks(executor, ofStatus);
}

/** Gives tasks of a status its category. */
export async function setCategoryOfTasks(
  executor: Executor,
  taskIds: readonly string[],
  category: StatusCategory,
): Promise<void> {
  await inPortions(taskIds, (portion) =>
    executor.query(sql`
      update tasks
      set category = ${category}, version = version + 1, updated_at = now(),
        completed_at = case when ${category === 'completed'} then coalesce(completed_at, now()) end
      where id = any(${portion}::uuid[])`),
  );
}

/** Whether any task that is not deleted has the status. */
export async function hasTasks(executor: Executor, statusId: string): Promise<boolean> {
  const row = await one<{ found: boolean }>(
    executor,
    sql`select exists (select from tasks where status_id = ${statusId} and deleted_at is null) as found`,
  );
  return row.found;
}

/** Gives tasks another status. */
export async function moveTasks(
  executor: Executor,
  taskIds: readonly string[],
  to: Pick<StatusRow, 'id' | 'category'>,
): Promise<MovedTask[]> {
  return inPortions(taskIds, (portion) =>
    executor.query<MovedTask>(sql`
      update tasks
      set status_id = ${to.id}, category = ${to.category}, version = version + 1, updated_at = now(),
        completed_at = case when ${to.category === 'completed'} then coalesce(completed_at, now()) end
      where id = any(${portion}::uuid[])
      returning id, title, deleted_at is not null as deleted`),
  );
}

/** Deletes a status that no task has any more. */
export async function deleteStatus(executor: Executor, statusId: string): Promise<void> {
  await executor.query(sql`
    update statuses set deleted_at = now(), version = version + 1, updated_at = now() where id = ${statusId}`);
}
