import type { StatusCategory } from '@taskflow/contract/projects';
import type { Priority } from '@taskflow/contract/tasks';
import { type Executor, empty, join, maybeOne, one, raw, type Sql, sql } from '@taskflow/db';
import { type Reading, reading } from '../access/reading.ts';
import type { Position } from '../core/cursor.ts';
import type { Document } from '../core/document.ts';
import { besidePage, besideTask, taskColumns, taskEtag, taskJson } from './json.ts';
import type { TaskOrder } from './order.ts';

/** A task as its rules see it. Instants are RFC 3339 in UTC. */
export type TaskRow = {
  id: string;
  workspace_id: string;
  project_id: string;
  number: number;
  title: string;
  description: string;
  status_id: string;
  category: StatusCategory;
  priority: Priority;
  start_at: string | null;
  due_at: string | null;
  estimate: number | null;
  parent_id: string | null;
  rank: string;
  version: number;
  assignee_ids: string[];
  label_ids: string[];
};

type SettableColumn =
  | 'title'
  | 'description'
  | 'status_id'
  | 'category'
  | 'priority'
  | 'start_at'
  | 'due_at'
  | 'estimate'
  | 'parent_id'
  | 'rank';

/** Columns of a task to be set; undefined leaves one alone. */
export type TaskColumns = { readonly [Column in SettableColumn]?: TaskRow[Column] | undefined };

/** Reads one task as it is answered; undefined when it is gone. */
export function findTask(executor: Executor, id: string): Promise<Document | undefined> {
  return maybeOne<Document>(
    executor,
    sql`
      select t.id, ${taskJson} as json, ${taskEtag} as etag
      from tasks t join projects p on p.id = t.project_id ${besideTask}
      where t.id = ${id} and t.deleted_at is null`,
    { name: 'task-find' },
  );
}

/** A page of tasks: JSON with commas between, null for none. `last` is the position of its last item; there may be `more` behind it. */
export type TaskPage = { items: string | null; more: boolean; last_key: string | null; last_id: string | null };

/**
 * Pages of these sizes are read by prepared statements, in which the size stands as it is: a plan for any values knows
 * how little is wanted, and walks an index instead of sorting the workspace.
 */
const preparedLimits: ReadonlySet<number> = new Set([50, 100, 200]);

/** A page, read in one statement whatever the tasks carry. @param list joins and conditions that say which tasks */
export function taskPage<Result>(list: {
  readonly joins: Sql;
  readonly conditions: readonly Sql[];
  readonly order: TaskOrder;
  readonly position: Position | undefined;
  readonly limit: number;
  /** The name of the prepared statement, where its text is one of few. */
  readonly name: string | undefined;
  readonly toResult: (page: TaskPage) => Result;
}): Reading<Result> {
  const { joins, order, position, toResult } = list;
  const conditions = [...list.conditions, ...(position === undefined ? [] : [order.after(position)])];
  const isPrepared = list.name !== undefined && preparedLimits.has(list.limit);
  const limit = isPrepared ? raw(String(list.limit)) : sql`${list.limit}::int`;
  return reading({
    name: isPrepared ? list.name : undefined,
    // lateral: what `access` says is a constant in there, so that an index still leads to the page in its order
    tables: sql`
      page as (
        select ordered.*, row_number() over () as n
        from access cross join lateral (
          select ${taskColumns}, ${order.key} as sort_key
          from tasks t ${joins}
          where t.deleted_at is null and ${join(conditions, ' and ')}
          order by ${order.orderBy}
          limit ${limit} + 1
        ) ordered
      )`,
    select: sql`
      select string_agg(${taskJson}, ',' order by t.n) filter (where t.n <= ${limit}) as items,
        count(*) > ${limit} as more,
        max(t.sort_key::text) filter (where t.n = ${limit}) as last_key,
        max(t.id::text) filter (where t.n = ${limit}) as last_id
      from page t
      join projects p on p.id = t.project_id
      ${besidePage}`,
    toResult,
  });
}

/** Reads a task for a change and keeps others from changing it until the end of the transaction. */
export async function lockTask(
  executor: Executor,
  id: string,
  options: { readonly deleted: boolean },
): Promise<TaskRow | undefined> {
  const task = await readLocked(executor, id, options);
  // a statement that waited for the lock sees the new row, but other tables as they were before it waited
  return task === undefined || task.version === task.version_before ? task : readLocked(executor, id, options);
}

function readLocked(executor: Executor, id: string, options: { readonly deleted: boolean }) {
  const state = options.deleted ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`;
  return maybeOne<TaskRow & { version_before: number }>(
    executor,
    sql`
      select t.id, t.workspace_id, t.project_id, t.number, t.title, t.description, t.status_id, t.category, t.priority,
        rfc3339(t.start_at) as start_at, rfc3339(t.due_at) as due_at, t.estimate::float8 as estimate, t.parent_id,
        t.rank, t.version, (select b.version from tasks b where b.id = t.id) as version_before,
        array(select a.user_id from task_assignees a where a.task_id = t.id order by a.user_id) as assignee_ids,
        array(select l.label_id from task_labels l where l.task_id = t.id order by l.label_id) as label_ids
      from tasks t where t.id = ${id} and ${state}
      for no key update of t`,
    { name: 'task-lock' },
  );
}

/** Sets columns and counts the version up. `completed_at` follows the category. */
export async function updateTask(executor: Executor, id: string, columns: TaskColumns): Promise<void> {
  const set = assignments(columns);
  const completed =
    columns.category === undefined
      ? empty
      : sql`completed_at = case when ${columns.category} = 'completed' then coalesce(completed_at, now()) end,`;
  await executor.query(sql`
    update tasks set ${set.length === 0 ? empty : sql`${join(set)},`} ${completed} version = version + 1, updated_at = now() where id = ${id}`);
}

function assignments(columns: TaskColumns): Sql[] {
  const { title, description, status_id, category, priority, start_at, due_at, estimate, parent_id, rank } = columns;
  const set = [
    title !== undefined && sql`title = ${title}`,
    description !== undefined && sql`description = ${description}`,
    status_id !== undefined && sql`status_id = ${status_id}`,
    category !== undefined && sql`category = ${category}`,
    priority !== undefined && sql`priority = ${priority}`,
    start_at !== undefined && sql`start_at = ${start_at}`,
    due_at !== undefined && sql`due_at = ${due_at}`,
    estimate !== undefined && sql`estimate = ${estimate}`,
    parent_id !== undefined && sql`parent_id = ${parent_id}`,
    rank !== undefined && sql`rank = ${rank}`,
  ];
  return set.filter((assignment) => assignment !== false);
}

/** Makes exactly these people the task's assignees. */
export async function replaceAssignees(executor: Executor, task: TaskRow, userIds: readonly string[]): Promise<void> {
  await executor.query(sql`
    with gone as (
      delete from task_assignees where task_id = ${task.id} and user_id <> all(${userIds}::uuid[])
    )
    insert into task_assignees (workspace_id, task_id, user_id)
    select ${task.workspace_id}::uuid, ${task.id}::uuid, u from unnest(${userIds}::uuid[]) u
    on conflict do nothing`);
}

/** Makes exactly these labels the task's. */
export async function replaceLabels(executor: Executor, task: TaskRow, labelIds: readonly string[]): Promise<void> {
  await executor.query(sql`
    with gone as (
      delete from task_labels where task_id = ${task.id} and label_id <> all(${labelIds}::uuid[])
    )
    insert into task_labels (workspace_id, task_id, label_id)
    select ${task.workspace_id}::uuid, ${task.id}::uuid, l from unnest(${labelIds}::uuid[]) l
    on conflict do nothing`);
}

/**
 * Locks the counter of a project's tasks until the transaction ends, so that what says how they stand to one another -
 * ranks, parents - changes one at a time.
 *
 * @returns the number of the last task
 */
export async function lockCounter(executor: Executor, projectId: string): Promise<number> {
  const { last_number: lastNumber } = await one<{ last_number: number }>(
    executor,
    sql`select last_number from task_counters where project_id = ${projectId} for update`,
  );
  return lastNumber;
}

/** A task that went or came with another. */
export type TreeTask = Pick<TaskRow, 'id' | 'title'>;

/** Deletes a task and everything below it; answers all of these. */
export async function deleteTaskTree(executor: Executor, id: string): Promise<TreeTask[]> {
  return executor.query<TreeTask>(sql`
    with recursive tree as (
      select id from tasks where id = ${id}
      union
      select s.id from tasks s join tree on s.parent_id = tree.id where s.deleted_at is null
    )
    update tasks t set deleted_at = now(), version = version + 1, updated_at = now()
    from tree where t.id = tree.id
    returning t.id, t.title`);
}

/**
 * Brings a task back, with what was deleted below it by the same deed; answers all of these. Where its own parent is
 * gone it stands by itself.
 */
export async function restoreTaskTree(executor: Executor, id: string): Promise<TreeTask[]> {
  return executor.query<TreeTask>(sql`
    with recursive tree as (
      select id, deleted_at from tasks where id = ${id}
      union
      select s.id, s.deleted_at from tasks s join tree on s.parent_id = tree.id where s.deleted_at = tree.deleted_at
    )
    update tasks t set deleted_at = null, version = version + 1, updated_at = now(),
      parent_id = case when ${isUnderTheGone} then null else t.parent_id end
    from tree where t.id = tree.id
    returning t.id, t.title`);
}

/** Whether the restored task's parent stays deleted: it would lead to nothing. */
const isUnderTheGone = sql`
  t.parent_id not in (select id from tree) and exists (
    select from tasks parent where parent.id = t.parent_id and parent.deleted_at is not null
  )`;
