import { type Sql, sql } from '@taskflow/db';
import { escaped, jsonObject, plain, plainOrNull, quoted, quotedOrNull } from '../core/json.ts';

/** Where the people and labels of a task are read; a statement that just inserted them names its own rows. */
interface TaskParts {
  readonly assigneeIds: Sql;
  readonly labelIds: Sql;
}

const stored: TaskParts = {
  assigneeIds: sql`
    array_to_json(array(select a.user_id from task_assignees a where a.task_id = t.id order by a.user_id))`,
  labelIds: sql`
    array_to_json(array(select l.label_id from task_labels l where l.task_id = t.id order by l.label_id))`,
};

/** Counts of task `t`, joined as `n`. */
export const taskCounts = sql`
  cross join lateral (
    select
      (select count(*) from comments c where c.task_id = t.id and c.deleted_at is null) as comments,
      count(s.id) as subtasks,
      count(s.id) filter (where s.category = 'completed') as completed_subtasks
    from tasks s where s.parent_id = t.id and s.deleted_at is null
  ) n`;

/** The one shape of a task: JSON, as text, of `tasks t`, its project `p` and {@link taskCounts} `n`. */
export function taskJson({ assigneeIds, labelIds }: TaskParts = stored): Sql {
  return jsonObject({
    id: quoted(sql`t.id`),
    workspaceId: quoted(sql`t.workspace_id`),
    projectId: quoted(sql`t.project_id`),
    number: plain(sql`t.number`),
    key: quoted(sql`p.key || '-' || t.number`),
    title: escaped(sql`t.title`),
    description: escaped(sql`t.description`),
    statusId: quoted(sql`t.status_id`),
    category: quoted(sql`t.category`),
    priority: quoted(sql`t.priority`),
    assigneeIds: plain(assigneeIds),
    labelIds: plain(labelIds),
    parentId: quotedOrNull(sql`t.parent_id`),
    startAt: quotedOrNull(sql`rfc3339(t.start_at)`),
    dueAt: quotedOrNull(sql`rfc3339(t.due_at)`),
    estimate: plainOrNull(sql`t.estimate`),
    rank: quoted(sql`t.rank`),
    createdBy: quoted(sql`t.created_by`),
    createdAt: quoted(sql`rfc3339(t.created_at)`),
    updatedAt: quoted(sql`rfc3339(t.updated_at)`),
    completedAt: quotedOrNull(sql`rfc3339(t.completed_at)`),
    version: plain(sql`t.version`),
    counts: plain(
      jsonObject({
        comments: plain(sql`n.comments`),
        subtasks: plain(sql`n.subtasks`),
        completedSubtasks: plain(sql`n.completed_subtasks`),
      }),
    ),
  });
}

/** The ETag of task `t`: its version, and the counts, which change without one. */
export const taskEtag = sql`t.version || '-' || n.comments || '.' || n.subtasks || '.' || n.completed_subtasks`;
