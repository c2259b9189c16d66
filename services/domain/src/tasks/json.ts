import { type Sql, sql } from '@taskflow/db';

/** Where the people and labels of a task are read; a statement that just inserted them names its own rows. */
interface TaskParts {
  readonly assigneeIds: Sql;
  readonly labelIds: Sql;
}

const stored: TaskParts = {
  assigneeIds: sql`
    (select coalesce(json_agg(a.user_id order by a.user_id), '[]') from task_assignees a where a.task_id = t.id)`,
  labelIds: sql`
    (select coalesce(json_agg(l.label_id order by l.label_id), '[]') from task_labels l where l.task_id = t.id)`,
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

/** The one shape of a task: JSON of `tasks t`, its project `p` and {@link taskCounts} `n`. */
export function taskJson({ assigneeIds, labelIds }: TaskParts = stored): Sql {
  return sql`json_build_object(
    'id', t.id,
    'workspaceId', t.workspace_id,
    'projectId', t.project_id,
    'number', t.number,
    'key', p.key || '-' || t.number,
    'title', t.title,
    'description', t.description,
    'statusId', t.status_id,
    'category', t.category,
    'priority', t.priority,
    'assigneeIds', ${assigneeIds},
    'labelIds', ${labelIds},
    'parentId', t.parent_id,
    'startAt', rfc3339(t.start_at),
    'dueAt', rfc3339(t.due_at),
    'estimate', t.estimate,
    'rank', t.rank,
    'createdBy', t.created_by,
    'createdAt', rfc3339(t.created_at),
    'updatedAt', rfc3339(t.updated_at),
    'completedAt', rfc3339(t.completed_at),
    'version', t.version,
    'counts', json_build_object(
      'comments', n.comments, 'subtasks', n.subtasks, 'completedSubtasks', n.completed_subtasks
    )
  )`;
}

/** The ETag of task `t`: its version, and the counts, which change without one. */
export const taskEtag = sql`t.version || '-' || n.comments || '.' || n.subtasks || '.' || n.completed_subtasks`;
