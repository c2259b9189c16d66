import type { Recurrence, RecurrenceMode } from '@taskflow/contract/tasks';
import { type Executor, maybeOne, type Sql, sql } from '@taskflow/db';

/** Which tasks to look at. */
export type RecurringScope =
  | { readonly kind: 'range'; readonly workspaceId: string; readonly fromNumber: number; readonly toNumber: number }
  | { readonly kind: 'all'; readonly now: Date; readonly limit: number };

/** A task whose next one is to be made. */
export type RecurringTask = {
  readonly taskId: string;
  readonly workspaceId: string;
  readonly projectId: string;
  readonly rule: string;
  readonly mode: RecurrenceMode;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly setBy: string;
  readonly dueAt: Date | null;
};

const isLive = sql`r.next_task_id is null and r.ended_at is null`;

/** Reads what a rule counts from, and keeps others from changing the task; undefined when it is gone. */
export function lockDatedTask(
  executor: Executor,
  taskId: string,
): Promise<{ readonly title: string; readonly dueAt: Date | null } | undefined> {
  return maybeOne<{ title: string; dueAt: Date | null }>(
    executor,
    sql`
      select t.title, t.due_at as "dueAt" from tasks t
      where t.id = ${taskId} and t.deleted_at is null for no key update of t`,
  );
}

/** How a task repeats, as long as it was not passed on. */
export function findRecurrence(executor: Executor, taskId: string): Promise<Recurrence | undefined> {
  return maybeOne<Recurrence>(
    executor,
    sql`
      select r.rule, r.mode, r.time_zone as "timeZone" from task_recurrences r
      where r.task_id = ${taskId} and ${isLive}`,
    { name: 'recurrence-find' },
  );
}

/** Says how a task repeats. @param recurrence.startsAt the due date that the rule counts from */
export async function putRecurrence(
  executor: Executor,
  recurrence: Recurrence & {
    readonly taskId: string;
    readonly workspaceId: string;
    readonly startsAt: Date;
    readonly setBy: string;
  },
): Promise<void> {
  const { taskId, workspaceId, rule, mode, timeZone, startsAt, setBy } = recurrence;
  await executor.query(sql`
    insert into task_recurrences as r (task_id, workspace_id, rule, mode, time_zone, starts_at, set_by)
    values (${taskId}, ${workspaceId}, ${rule}, ${mode}, ${timeZone}, ${startsAt}::timestamptz, ${setBy})
    on conflict (task_id) do update set rule = excluded.rule, mode = excluded.mode, time_zone = excluded.time_zone,
      starts_at = excluded.starts_at, set_by = excluded.set_by, ended_at = null, next_task_id = null`);
}

/** The task repeats no more. */
export async function deleteRecurrence(executor: Executor, taskId: string): Promise<void> {
  await executor.query(sql`delete from task_recurrences where task_id = ${taskId}`);
}

/** The rule has no further date. */
export async function endRecurrence(executor: Executor, taskId: string): Promise<void> {
  await executor.query(sql`update task_recurrences set ended_at = now() where task_id = ${taskId}`);
}

/** The next task has the recurrence from now on. */
export async function passOn(executor: Executor, taskId: string, nextTaskId: string): Promise<void> {
  await executor.query(sql`
    with passed as (
      update task_recurrences set next_task_id = ${nextTaskId} where task_id = ${taskId} returning *
    )
    insert into task_recurrences (task_id, workspace_id, rule, mode, time_zone, starts_at, set_by)
    select ${nextTaskId}::uuid, workspace_id, rule, mode, time_zone, starts_at, set_by from passed`);
}

/**
 * Tasks whose next one is to be made: completed ones, and those that are due and repeat on schedule. They are locked
 * until the transaction ends; a task that another transaction is at is left to it.
 */
export function lockReady(executor: Executor, scope: RecurringScope): Promise<RecurringTask[]> {
  const isReady: Sql =
    scope.kind === 'range'
      ? sql`r.mode = 'completion' and t.category = 'completed' and t.id in (
          select a.task_id from activity a
          where a.workspace_id = ${scope.workspaceId} and a.number between ${scope.fromNumber} and ${scope.toNumber}
            and a.type in ('task.updated', 'task.moved') and a.changes ? 'statusId'
        )`
      : sql`(
          r.mode = 'completion' and t.category = 'completed'
          or r.mode = 'schedule' and coalesce(t.due_at, r.starts_at) <= ${scope.now}
        )`;
  const limit = scope.kind === 'range' ? sql`` : sql`limit ${scope.limit}`;
  return executor.query<RecurringTask>(
    sql`
      select t.id as "taskId", t.workspace_id as "workspaceId", t.project_id as "projectId", r.rule, r.mode,
        r.time_zone as "timeZone", r.starts_at as "startsAt", r.set_by as "setBy", t.due_at as "dueAt"
      from task_recurrences r
      join tasks t on t.id = r.task_id and t.deleted_at is null
      join projects p on p.id = t.project_id and p.deleted_at is null
      join workspaces w on w.id = t.workspace_id and w.deleted_at is null
      where ${isLive} and ${isReady}
      order by t.id ${limit}
      for update of r skip locked`,
    { name: `recurrences-ready-${scope.kind}` },
  );
}
