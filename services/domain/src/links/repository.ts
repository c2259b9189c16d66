import type { TaskLinkType } from '@taskflow/contract/tasks';
import { type Executor, maybeOne, one, type Sql, sql } from '@taskflow/db';
import type { TaskAccess } from '../access/access.ts';
import { projectIsVisible } from '../access/visibility.ts';

/** A link as its rules see it. */
export type LinkRow = { id: string; type: TaskLinkType; from_task_id: string; to_task_id: string };

/** The one shape of a link: JSON of `task_links l` seen from a task, with the other one `t` and its project `p`. */
const linkJson = (seenFrom: string): Sql => sql`json_build_object(
  'id', l.id,
  'type', l.type,
  'direction', case when l.from_task_id = ${seenFrom}::uuid then 'outgoing' else 'incoming' end,
  'task', json_build_object(
    'id', t.id, 'key', p.key || '-' || t.number, 'title', t.title, 'projectId', t.project_id,
    'statusId', t.status_id, 'category', t.category
  ),
  'createdAt', rfc3339(l.created_at)
)`;

/** Links of a task to tasks that are there and that the caller sees. */
const visibleLinks = (access: TaskAccess): Sql => sql`
  from task_links l
  join tasks t on t.id = case when l.from_task_id = ${access.task.id} then l.to_task_id else l.from_task_id end
    and t.deleted_at is null
  join projects p on p.id = t.project_id and ${projectIsVisible(access)}
  where (l.from_task_id = ${access.task.id} or l.to_task_id = ${access.task.id})`;

/** Reads every link of a task as one JSON array. */
export async function listLinks(executor: Executor, access: TaskAccess): Promise<string> {
  const { items } = await one<{ items: string }>(
    executor,
    sql`
      select coalesce(json_agg(${linkJson(access.task.id)} order by l.created_at, l.id), '[]')::text as items
      ${visibleLinks(access)}`,
    { name: 'task-links' },
  );
  return items;
}

/** Reads one link as it is answered. */
export async function findLink(executor: Executor, access: TaskAccess, id: string): Promise<string | undefined> {
  const row = await maybeOne<{ json: string }>(
    executor,
    sql`select ${linkJson(access.task.id)}::text as json ${visibleLinks(access)} and l.id = ${id}`,
  );
  return row?.json;
}

/** Finds another task of the workspace that the caller sees. */
export function findOtherTask(
  executor: Executor,
  access: TaskAccess,
  id: string,
): Promise<{ id: string; title: string } | undefined> {
  return maybeOne(
    executor,
    sql`
      select t.id, t.title from tasks t join projects p on p.id = t.project_id and ${projectIsVisible(access)}
      where t.id = ${id} and t.id <> ${access.task.id} and t.deleted_at is null`,
  );
}

/** @throws a unique violation when the link is there already */
export async function insertLink(executor: Executor, access: TaskAccess, link: LinkRow): Promise<void> {
  await executor.query(sql`
    insert into task_links (id, workspace_id, type, from_task_id, to_task_id, created_by)
    values (${link.id}, ${access.workspace.id}, ${link.type}, ${link.from_task_id}, ${link.to_task_id},
      ${access.caller.userId})`);
}

/** Whether two tasks are related either way round already. */
export async function isRelated(executor: Executor, taskId: string, otherId: string): Promise<boolean> {
  const rows = await executor.query(sql`
    select from task_links where type = 'relates' and from_task_id = ${otherId} and to_task_id = ${taskId}`);
  return rows.length > 0;
}

/** Removes a link of a task; answers what it was. */
export function deleteLink(executor: Executor, access: TaskAccess, id: string): Promise<LinkRow | undefined> {
  return maybeOne<LinkRow>(
    executor,
    sql`
      delete from task_links
      where id = ${id} and workspace_id = ${access.workspace.id}
        and (from_task_id = ${access.task.id} or to_task_id = ${access.task.id})
      returning id, type, from_task_id, to_task_id`,
  );
}

/** The title of a task, to read in the activity. */
export async function titleOf(executor: Executor, taskId: string): Promise<string> {
  const { title } = await one<{ title: string }>(executor, sql`select title from tasks where id = ${taskId}`);
  return title;
}
