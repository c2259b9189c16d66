import { type Executor, type Sql, sql } from '@taskflow/db';
import type { CsvValue } from '../exchange/csv.ts';

/** Rows of one statement. A description may have 100,000 characters, so a page of them has ten million. */
const pageSize = 100;

/** Reads one page after another, each by key. @yields pages that are not empty */
async function* pages<Row extends { readonly key: string }>(
  read: (after: string | null) => Promise<Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after: string | null = null;
  for (;;) {
    const rows: Row[] = await read(after);
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    yield rows;
    if (rows.length < pageSize) {
      return;
    }
    after = last.key;
  }
}

type JsonRow = { readonly key: string; readonly json: string };
type JsonPages = AsyncGenerator<readonly JsonRow[]>;

/** What stands above the tasks: the project, its statuses, the labels and the people of its workspace. */
export const headSection = (executor: Executor, projectId: string): Promise<{ name: string; json: string }[]> =>
  executor.query<{ name: string; json: string }>(sql`
    select s.name, s.json::text as json from projects p
    cross join lateral (
      values
        ('workspace', (select json_build_object('id', w.id, 'name', w.name) from workspaces w where w.id = p.workspace_id)),
        ('project', json_build_object('id', p.id, 'key', p.key, 'name', p.name, 'description', p.description,
          'color', p.color, 'visibility', p.visibility, 'createdAt', rfc3339(p.created_at))),
        ('statuses', (
          select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name, 'category', s.category,
            'color', s.color, 'position', s.position) order by s.position, s.id), '[]')
          from statuses s where s.project_id = p.id and s.deleted_at is null
        )),
        ('labels', (
          select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'color', l.color) order by l.id), '[]')
          from labels l where l.workspace_id = p.workspace_id and l.deleted_at is null
        )),
        ('people', (
          select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'role', m.role,
            'projectRole', pm.role) order by u.id), '[]')
          from memberships m join users u on u.id = m.user_id
          left join project_members pm on pm.project_id = p.id and pm.user_id = m.user_id
          where m.workspace_id = p.workspace_id
        ))
    ) s (name, json)
    where p.id = ${projectId} and p.deleted_at is null`);

const tasksOf = (projectId: string, after: string | null): Sql => sql`
  t.project_id = ${projectId} and t.deleted_at is null and t.number > ${after ?? '0'}::int
  order by t.number limit ${pageSize}`;

/** Tasks by number. */
export const taskSection = (executor: Executor, projectId: string): JsonPages =>
  pages((after) =>
    executor.query<JsonRow>(
      sql`
        select t.number::text as key, json_build_object(
          'id', t.id, 'key', p.key || '-' || t.number, 'number', t.number, 'title', t.title,
          'description', t.description, 'statusId', t.status_id, 'priority', t.priority,
          'assigneeIds', array(select a.user_id from task_assignees a where a.task_id = t.id order by a.user_id),
          'labelIds', array(select l.label_id from task_labels l where l.task_id = t.id order by l.label_id),
          'parentId', t.parent_id, 'startAt', rfc3339(t.start_at), 'dueAt', rfc3339(t.due_at), 'estimate', t.estimate,
          'rank', t.rank, 'createdBy', t.created_by, 'createdAt', rfc3339(t.created_at),
          'updatedAt', rfc3339(t.updated_at), 'completedAt', rfc3339(t.completed_at)
        )::text as json
        from tasks t join projects p on p.id = t.project_id
        where ${tasksOf(projectId, after)}`,
      { name: 'export-tasks' },
    ),
  );

/** Ids of the tasks, by number. */
const taskIds = (executor: Executor, projectId: string) =>
  pages((after) =>
    executor.query<{ key: string; id: string }>(
      sql`select t.number::text as key, t.id from tasks t where ${tasksOf(projectId, after)}`,
      { name: 'export-task-ids' },
    ),
  );

/** Below every id. */
const noId = '00000000-0000-0000-0000-000000000000';

/** What hangs on the tasks, in their order and by the index that begins with the task. @param read a page behind a key */
async function* ofTasks(
  executor: Executor,
  projectId: string,
  read: (ids: readonly string[], after: string | null) => Promise<JsonRow[]>,
): JsonPages {
  for await (const tasks of taskIds(executor, projectId)) {
    const ids = tasks.map(({ id }) => id);
    yield* pages((after) => read(ids, after));
  }
}

/** Comments, task by task, oldest first. */
export const commentSection = (executor: Executor, projectId: string): JsonPages =>
  ofTasks(executor, projectId, (ids, after) => {
    const [taskId = noId, at = '-infinity', id = noId] = after?.split(' ') ?? [];
    return executor.query<JsonRow>(
      sql`
        select concat_ws(' ', cm.task_id, rfc3339(cm.created_at), cm.id) as key, json_build_object(
          'id', cm.id, 'taskId', cm.task_id, 'authorId', cm.author_id, 'body', cm.body,
          'createdAt', rfc3339(cm.created_at), 'editedAt', rfc3339(cm.edited_at)
        )::text as json
        from comments cm
        where cm.task_id = any(${[...ids]}::uuid[]) and cm.deleted_at is null
          and (cm.task_id, cm.created_at, cm.id) > (${taskId}::uuid, ${at}::timestamptz, ${id}::uuid)
        order by cm.task_id, cm.created_at, cm.id limit ${pageSize}`,
      { name: 'export-comments' },
    );
  });

/** Links that begin at a task of the project; the other end is named by its key. */
export const linkSection = (executor: Executor, projectId: string): JsonPages =>
  ofTasks(executor, projectId, (ids, after) => {
    const [fromId = noId, id = noId] = after?.split(' ') ?? [];
    return executor.query<JsonRow>(
      sql`
        select concat_ws(' ', l.from_task_id, l.id) as key, json_build_object(
          'id', l.id, 'type', l.type, 'fromTaskId', l.from_task_id, 'toTaskId', l.to_task_id,
          'toTaskKey', p.key || '-' || t.number
        )::text as json
        from task_links l
        join tasks t on t.id = l.to_task_id and t.deleted_at is null
        join projects p on p.id = t.project_id and p.deleted_at is null
        where l.from_task_id = any(${[...ids]}::uuid[]) and (l.from_task_id, l.id) > (${fromId}::uuid, ${id}::uuid)
        order by l.from_task_id, l.id limit ${pageSize}`,
      { name: 'export-links' },
    );
  });

/** What happened in the project, oldest first. */
export const activitySection = (executor: Executor, projectId: string): JsonPages =>
  pages((after) =>
    executor.query<JsonRow>(
      sql`
        select a.number::text as key, json_build_object(
          'number', a.number, 'type', a.type, 'at', rfc3339(a.at), 'actorId', a.actor_id, 'taskId', a.task_id,
          'subject', a.subject, 'changes', a.changes
        )::text as json
        from activity a where a.project_id = ${projectId} and a.number > ${after ?? '0'}::bigint
        order by a.number limit ${pageSize}`,
      { name: 'export-activity' },
    ),
  );

/** Headings of {@link taskTable}. An import finds its columns by them. */
export const taskColumns = [
  'Key',
  'Title',
  'Description',
  'Status',
  'Priority',
  'Assignees',
  'Labels',
  'Start',
  'Due',
  'Estimate',
  'Parent',
  'Created by',
  'Created',
  'Updated',
  'Completed',
] as const;

type CellRow = { readonly key: string; readonly cells: CsvValue[] };

/** Tasks as lines of a table, by number. */
export const taskTable = (executor: Executor, projectId: string): AsyncGenerator<readonly CellRow[]> =>
  pages((after) =>
    executor.query<CellRow>(
      sql`
        select t.number::text as key, json_build_array(
          p.key || '-' || t.number, t.title, t.description, s.name, t.priority,
          (
            select string_agg(coalesce(u.email, u.name), '; ' order by u.id)
            from task_assignees a join users u on u.id = a.user_id where a.task_id = t.id
          ),
          (
            select string_agg(l.name, '; ' order by l.id)
            from task_labels tl join labels l on l.id = tl.label_id where tl.task_id = t.id
          ),
          rfc3339(t.start_at), rfc3339(t.due_at), t.estimate,
          (
            select pp.key || '-' || parent.number from tasks parent join projects pp on pp.id = parent.project_id
            where parent.id = t.parent_id and parent.deleted_at is null
          ),
          author.name, rfc3339(t.created_at), rfc3339(t.updated_at), rfc3339(t.completed_at)
        ) as cells
        from tasks t join projects p on p.id = t.project_id join statuses s on s.id = t.status_id
        join users author on author.id = t.created_by
        where ${tasksOf(projectId, after)}`,
      { name: 'export-task-table' },
    ),
  );

/** How many tasks there are to be written. */
export const countTasks = (executor: Executor, projectId: string): Promise<{ count: number }[]> =>
  executor.query<{ count: number }>(
    sql`select count(*)::int as count from tasks t where t.project_id = ${projectId} and t.deleted_at is null`,
  );
