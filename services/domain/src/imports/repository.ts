import type { ImportProblem } from '@taskflow/contract/exchange';
import { type Executor, maybeOne, one, type Sql, sql } from '@taskflow/db';
import type { ProjectAccess } from '../access/access.ts';
import type { ImportTask } from './check-task.ts';

/** How far an import has come. */
export type ImportState = {
  /** Tasks of the file that were read, those with problems included. */
  readonly staged: number;
  readonly isStaged: boolean;
  readonly problemCount: number;
  readonly fatalCount: number;
};

/** Begins an import, or goes on with it. */
export async function beginImport(executor: Executor, jobId: string, workspaceId: string): Promise<ImportState> {
  await executor.query(sql`
    insert into imports (job_id, workspace_id) values (${jobId}, ${workspaceId}) on conflict (job_id) do nothing`);
  return readImport(executor, jobId);
}

/** Reads how far an import has come; of all its problems the first are kept. */
export const readImport = (executor: Executor, jobId: string): Promise<ImportState> =>
  one<ImportState>(
    executor,
    sql`
      select staged, is_staged as "isStaged", problem_count as "problemCount",
        (staged - (select count(*) from import_rows r where r.job_id = i.job_id))::int as "fatalCount"
      from imports i where job_id = ${jobId}`,
  );

/** Problems that are kept of an import. */
const mostProblems = 500;

/**
 * Keeps what was read of a file and where it ended, together.
 *
 * @returns whether it was kept: not when another attempt has gone on already
 */
export async function stageRows(
  executor: Executor,
  jobId: string,
  chunk: {
    readonly from: number;
    readonly tasks: readonly { readonly position: number; readonly task: ImportTask }[];
    readonly problems: readonly ImportProblem[];
    readonly count: number;
    readonly isLast: boolean;
  },
): Promise<boolean> {
  const rows = JSON.stringify(chunk.tasks.map(({ position, task }) => ({ position, data: task })));
  const updated = await executor.query(sql`
    with i as (
      update imports set staged = staged + ${chunk.count}, is_staged = ${chunk.isLast},
        problem_count = problem_count + ${chunk.problems.length},
        problems = problems || (
          select coalesce(jsonb_agg(p.value), '[]') from (
            select value from jsonb_array_elements(${JSON.stringify(chunk.problems)}::jsonb)
            limit greatest(0, ${mostProblems} - problem_count)
          ) p
        )
      where job_id = ${jobId} and staged = ${chunk.from} and not is_staged
      returning job_id
    ), inserted as (
      insert into import_rows (job_id, position, data)
      select i.job_id, r.position, r.data
      from i, jsonb_to_recordset(${rows}::jsonb) as r (position integer, data jsonb)
    )
    select job_id from i`);
  return updated.length === 1;
}

/** The problems that were kept, of a job that somebody asked for. */
export const readProblems = (
  executor: Executor,
  jobId: string,
  userId: string,
): Promise<{ problems: string; count: number } | undefined> =>
  maybeOne<{ problems: string; count: number }>(
    executor,
    sql`
      select i.problems::text as problems, i.problem_count as count from imports i
      join jobs j on j.id = i.job_id and j.requested_by = ${userId}
      join memberships m on m.workspace_id = i.workspace_id and m.user_id = ${userId}
      where i.job_id = ${jobId}`,
  );

/** What of the staged tasks is decided together. */
export type StagedHead = {
  readonly id: string;
  readonly title: string;
  readonly status: string | null;
  readonly category: ImportTask['category'];
  readonly labels: string[];
  readonly key: string | null;
  readonly parent: string | null;
};

/** Every staged task, in the order of the file. */
export const readHeads = (executor: Executor, jobId: string): Promise<StagedHead[]> =>
  executor.query<StagedHead>(sql`
    select data->>'id' as id, data->>'title' as title, data->>'status' as status, data->>'category' as category,
      array(select jsonb_array_elements_text(data->'labels')) as labels, data->>'key' as key, data->>'parent' as parent
    from import_rows where job_id = ${jobId} order by position`);

/** Names that exist, in lower case: statuses of the project, labels of the workspace. */
export const readNames = (
  executor: Executor,
  { workspace, project }: ProjectAccess,
): Promise<{ statuses: string[]; labels: string[] }> =>
  one<{ statuses: string[]; labels: string[] }>(
    executor,
    sql`
      select
        array(select lower(name) from statuses where project_id = ${project.id} and deleted_at is null) as statuses,
        array(select lower(name) from labels where workspace_id = ${workspace.id} and deleted_at is null) as labels`,
  );

/** Whom tasks of a project can be assigned to. */
export const readPeople = (
  executor: Executor,
  { workspace, project }: ProjectAccess,
): Promise<{ id: string; name: string; email: string | null }[]> =>
  executor.query<{ id: string; name: string; email: string | null }>(sql`
    select u.id, lower(u.name) as name, lower(u.email) as email
    from memberships m join users u on u.id = m.user_id
    left join project_members pm on pm.project_id = ${project.id} and pm.user_id = m.user_id
    where m.workspace_id = ${workspace.id} and (
      m.role in ('owner', 'admin') or (m.role = 'member' and ${project.visibility} = 'workspace')
      or pm.user_id is not null
    ) order by u.id`);

/** Staged tasks of one statement: an import is long, none of its statements is. */
const slice = 250;

/**
 * Turns the staged tasks into tasks, with their people, labels and comments. The project's counter is locked from here
 * to the end of the transaction, so nothing slow may follow.
 *
 * @param parents ids of tasks and, in the same order, of what they are below
 * @returns how many there are
 */
export async function insertStaged(
  executor: Executor,
  jobId: string,
  access: ProjectAccess,
  parents: { readonly childIds: readonly string[]; readonly parentIds: readonly string[] },
): Promise<number> {
  const { project } = access;
  await executor.query(sql`
    select from statuses where project_id = ${project.id} and deleted_at is null for share`);
  const { last, count, lastPosition } = await one<{ last: number; count: number; lastPosition: number }>(
    executor,
    sql`
      with staged as (
        select count(*)::int as count, coalesce(max(position), 0) as last_position
        from import_rows where job_id = ${jobId}
      )
      update task_counters set last_number = last_number + staged.count
      from staged where project_id = ${project.id}
      returning last_number as last, staged.count, staged.last_position as "lastPosition"`,
  );
  let number = last - count;
  for (let from = 1; from <= lastPosition; from += slice) {
    number += await insertSlice(
      executor,
      access,
      number,
      sql`
      r.job_id = ${jobId} and r.position >= ${from} and r.position < ${from + slice}`,
    );
  }
  for (let from = 0; from < parents.childIds.length; from += slice) {
    await executor.query(sql`
      update tasks t set parent_id = up.parent_id
      from unnest(
        ${parents.childIds.slice(from, from + slice)}::uuid[], ${parents.parentIds.slice(from, from + slice)}::uuid[]
      ) as up (child_id, parent_id)
      where t.id = up.child_id`);
  }
  return count;
}

/** @param before the number behind which those of the slice begin @param isOfSlice which rows `r` @returns how many */
async function insertSlice(
  executor: Executor,
  { workspace, project, caller }: ProjectAccess,
  before: number,
  isOfSlice: Sql,
): Promise<number> {
  const tasks = await executor.query(sql`
    with numbered as (
      select r.data, (${before}::int + row_number() over (order by r.position))::int as number
      from import_rows r where ${isOfSlice}
    )
    insert into tasks (
      id, workspace_id, project_id, number, title, description, status_id, category, priority, start_at, due_at,
      estimate, rank, created_by, completed_at
    )
    select (n.data->>'id')::uuid, ${workspace.id}::uuid, ${project.id}::uuid, n.number, n.data->>'title',
      n.data->>'description', s.id, s.category, (n.data->>'priority')::task_priority,
      (n.data->>'startAt')::timestamptz, (n.data->>'dueAt')::timestamptz, (n.data->>'estimate')::numeric,
      'n' || lpad(to_hex(n.number), 8, '0') || 'V', ${caller.userId}::uuid,
      case when s.category = 'completed' then coalesce((n.data->>'completedAt')::timestamptz, now()) end
    from numbered n
    cross join lateral (
      select id, category from statuses
      where project_id = ${project.id} and deleted_at is null
        and (n.data->>'status' is null or lower(name) = lower(n.data->>'status'))
      order by position, id limit 1
    ) s
    returning id`);
  await executor.query(sql`
    insert into task_assignees (workspace_id, task_id, user_id)
    select m.workspace_id, (r.data->>'id')::uuid, m.user_id
    from import_rows r cross join lateral jsonb_array_elements_text(r.data->'assigneeIds') as a (user_id)
    join memberships m on m.workspace_id = ${workspace.id} and m.user_id = a.user_id::uuid
    where ${isOfSlice}`);
  await executor.query(sql`
    insert into task_labels (workspace_id, task_id, label_id)
    select distinct l.workspace_id, (r.data->>'id')::uuid, l.id
    from import_rows r cross join lateral jsonb_array_elements_text(r.data->'labels') as n (name)
    join labels l on l.workspace_id = ${workspace.id} and l.deleted_at is null and lower(l.name) = lower(n.name)
    where ${isOfSlice}`);
  await executor.query(sql`
    insert into comments (id, workspace_id, task_id, author_id, body)
    select (c.value->>'id')::uuid, ${workspace.id}::uuid, (r.data->>'id')::uuid, ${caller.userId}::uuid, c.value->>'body'
    from import_rows r cross join lateral jsonb_array_elements(r.data->'comments') c
    where ${isOfSlice}`);
  return tasks.length;
}

/** Forgets what was staged. */
export async function forgetRows(executor: Executor, jobId: string): Promise<void> {
  await executor.query(sql`delete from import_rows where job_id = ${jobId}`);
}
