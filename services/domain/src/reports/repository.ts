import { type Executor, one, type Sql, sql } from '@taskflow/db';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { projectIsVisible } from '../access/visibility.ts';

/** Counts of tasks. `overdue` and `open` are of now, the others of a stretch of time. */
export type Counts = {
  readonly name: string;
  readonly done: number;
  readonly created: number;
  readonly open: number;
  readonly overdue: number;
};

/** The last full days before today, in a time zone; their first instant and the one behind their last. */
export interface Period {
  readonly from: Date;
  readonly until: Date;
  /** As in `2026-03-02`. */
  readonly firstDay: string;
  readonly lastDay: string;
}

/** The stretch of so many days that ended at the last midnight. */
export async function lastDays(executor: Executor, days: number, timeZone: string): Promise<Period> {
  return one<Period & Record<string, unknown>>(
    executor,
    sql`
      select (today - make_interval(days => ${days}::int)) at time zone ${timeZone} as "from",
        today at time zone ${timeZone} as "until",
        to_char(today - make_interval(days => ${days}::int), 'YYYY-MM-DD') as "firstDay",
        to_char(today - interval '1 day', 'YYYY-MM-DD') as "lastDay"
      from (select date_trunc('day', now() at time zone ${timeZone}) as today) t`,
  );
}

const isOpen = sql`t.category not in ('completed', 'canceled')`;

const counts = ({ from, until }: Period): Sql => sql`
  count(t.id) filter (where t.category = 'completed' and t.completed_at >= ${from} and t.completed_at < ${until})::int
    as done,
  count(t.id) filter (where t.created_at >= ${from} and t.created_at < ${until})::int as created,
  count(t.id) filter (where ${isOpen})::int as open,
  count(t.id) filter (where ${isOpen} and t.due_at < now())::int as overdue`;

const ofVisible = (access: WorkspaceAccess): Sql => sql`
  tasks t join projects p on p.id = t.project_id and ${projectIsVisible(access)}
    and t.workspace_id = ${access.workspace.id} and t.deleted_at is null`;

/** All tasks that the caller sees, in one row. */
export const countAll = (executor: Executor, access: WorkspaceAccess, period: Period): Promise<Counts> =>
  one<Counts>(executor, sql`select '' as name, ${counts(period)} from ${ofVisible(access)}`);

/** The same by project. */
export const countByProject = (executor: Executor, access: WorkspaceAccess, period: Period): Promise<Counts[]> =>
  executor.query<Counts>(sql`
    select p.key || ' ' || p.name as name, ${counts(period)}
    from projects p left join tasks t on t.project_id = p.id and t.deleted_at is null
    where ${projectIsVisible(access)}
    group by p.id order by p.key`);

/** The same by the people that tasks are assigned to; those of nobody last. @param projectId only of one project */
export const countByPerson = (
  executor: Executor,
  access: WorkspaceAccess,
  period: Period,
  projectId?: string,
): Promise<Counts[]> =>
  executor.query<Counts>(sql`
    select coalesce(u.name, 'Nobody') as name, ${counts(period)}
    from ${ofVisible(access)}
    left join task_assignees a on a.task_id = t.id
    left join users u on u.id = a.user_id
    where ${projectId ?? null}::uuid is null or t.project_id = ${projectId ?? null}::uuid
    group by u.id
    order by u.id is null, lower(u.name), u.id`);

/** How many tasks each status of a project has, in the order of the board. */
export const countByStatus = (
  executor: Executor,
  { project }: ProjectAccess,
): Promise<{ name: string; category: string; tasks: number }[]> =>
  executor.query(sql`
    select s.name, s.category, count(t.id)::int as tasks
    from statuses s left join tasks t on t.status_id = s.id and t.deleted_at is null
    where s.project_id = ${project.id} and s.deleted_at is null
    group by s.id order by s.position, s.id`);

/** Counts of one project. */
export const countProject = (executor: Executor, { project }: ProjectAccess, period: Period): Promise<Counts> =>
  one<Counts>(
    executor,
    sql`
      select p.name, ${counts(period)}
      from projects p left join tasks t on t.project_id = p.id and t.deleted_at is null
      where p.id = ${project.id} group by p.id`,
  );

/** A task that is late, for people to read. */
export type OverdueTask = {
  readonly key: string;
  readonly title: string;
  readonly due: string;
  readonly people: string;
};

/** What is overdue, the latest first. @param options.projectId only of one project */
export const listOverdue = (
  executor: Executor,
  access: WorkspaceAccess,
  options: { readonly timeZone: string; readonly projectId?: string; readonly limit: number },
): Promise<OverdueTask[]> =>
  executor.query<OverdueTask>(sql`
    select p.key || '-' || t.number as key, t.title,
      to_char(t.due_at at time zone ${options.timeZone}, 'YYYY-MM-DD') as due,
      coalesce((
        select string_agg(u.name, ', ' order by u.id)
        from task_assignees a join users u on u.id = a.user_id where a.task_id = t.id
      ), '') as people
    from ${ofVisible(access)}
    where ${isOpen} and t.due_at < now()
      and (${options.projectId ?? null}::uuid is null or t.project_id = ${options.projectId ?? null}::uuid)
    order by t.due_at, t.id limit ${options.limit}`);

/** What a workspace is called, and where its people are mailed. */
export const readNames = (
  executor: Executor,
  { workspace, caller }: WorkspaceAccess,
): Promise<{ workspace: string; person: string; email: string | null }> =>
  one<{ workspace: string; person: string; email: string | null }>(
    executor,
    sql`
      select w.name as workspace, u.name as person, u.email from workspaces w, users u
      where w.id = ${workspace.id} and u.id = ${caller.userId}`,
  );
