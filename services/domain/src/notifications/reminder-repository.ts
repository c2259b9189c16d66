import { type Executor, sql } from '@taskflow/db';
import { projectIsVisibleToMember } from '../access/visibility.ts';

/** A task of somebody that is due soon, or was due already. */
export type DueTask = {
  readonly userId: string;
  readonly kind: 'due_soon' | 'overdue';
  readonly workspaceId: string;
  readonly slug: string;
  readonly taskId: string;
  readonly taskKey: string;
  readonly taskTitle: string;
  readonly dueAt: Date;
};

/** People of one statement, and tasks of one of them: more than anybody can do in a day. */
const batch = { people: 100, tasksEach: 500 } as const;

/** Time zones that people chose, and the one of those who chose none. */
export async function findTimeZones(executor: Executor): Promise<string[]> {
  const rows = await executor.query<{ zone: string }>(sql`
    select distinct np.time_zone as zone from notification_preferences np where np.time_zone is not null
    union select 'UTC' order by zone`);
  return rows.map(({ zone }) => zone);
}

/** Whether the reminders of a morning went out already. */
export async function isMorningDone(executor: Executor, timeZone: string, morning: Date): Promise<boolean> {
  const rows = await executor.query(sql`
    select from reminder_mornings where time_zone = ${timeZone} and morning >= ${morning}`);
  return rows.length > 0;
}

/** From now on the reminders of this morning count as sent. */
export async function setMorningDone(executor: Executor, timeZone: string, morning: Date): Promise<void> {
  await executor.query(sql`
    insert into reminder_mornings (time_zone, morning) values (${timeZone}, ${morning})
    on conflict (time_zone) do update set morning = greatest(reminder_mornings.morning, excluded.morning)`);
}

/**
 * Open tasks whose day has come by a morning: those due within a day from it, and those that were due in the week
 * before, of the people of a time zone to whom they are assigned and who were not reminded of them. Ordered by person,
 * each whole.
 *
 * @param afterUserId people up to this one are left out
 */
export function findDueTasks(
  executor: Executor,
  of: { readonly timeZone: string; readonly morning: Date; readonly afterUserId: string },
): Promise<DueTask[]> {
  const { timeZone, morning, afterUserId } = of;
  return executor.query<DueTask>(
    sql`
      with due as (
        select a.user_id as "userId", case when t.due_at <= ${morning} then 'overdue' else 'due_soon' end as kind,
          w.id as "workspaceId", w.slug, t.id as "taskId", p.key || '-' || t.number as "taskKey",
          t.title as "taskTitle", t.due_at as "dueAt"
        from workspaces w
        join tasks t on t.workspace_id = w.id and t.deleted_at is null
          and coalesce(t.due_at, 'infinity') > ${morning}::timestamptz - interval '7 days'
          and coalesce(t.due_at, 'infinity') <= ${morning}::timestamptz + interval '1 day'
          and t.category not in ('completed', 'canceled')
        join projects p on p.id = t.project_id and p.deleted_at is null
        join task_assignees a on a.task_id = t.id and a.user_id > ${afterUserId}::uuid
        join memberships m on m.workspace_id = w.id and m.user_id = a.user_id
        left join notification_preferences np on np.user_id = a.user_id
        where w.deleted_at is null and coalesce(np.time_zone, 'UTC') = ${timeZone} and ${projectIsVisibleToMember}
      ), fresh as (
        select due.*, dense_rank() over (order by "userId") as person,
          row_number() over (partition by "userId" order by "dueAt", "taskId") as place
        from due
        where not exists (
          select from notifications n
          where n.task_id = due."taskId" and n.user_id = due."userId" and n.kind = due.kind and n.due_at = due."dueAt"
        )
      )
      select "userId", kind, "workspaceId", slug, "taskId", "taskKey", "taskTitle", "dueAt" from fresh
      where person <= ${batch.people} and place <= ${batch.tasksEach}
      order by "userId", "dueAt", "taskId"`,
    { name: 'reminder-due' },
  );
}
