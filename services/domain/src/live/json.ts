import { sql } from '@taskflow/db';

export const activityJson = sql`json_build_object(
  'workspaceId', a.workspace_id, 'number', a.number, 'type', a.type, 'at', rfc3339(a.at), 'actorId', a.actor_id,
  'projectId', a.project_id, 'taskId', a.task_id, 'subjectId', a.subject_id, 'subject', a.subject, 'changes', a.changes
)`;

export const commentJson = sql`json_build_object(
  'id', c.id, 'workspaceId', c.workspace_id, 'projectId', t.project_id, 'taskId', c.task_id, 'authorId', c.author_id,
  'body', c.body, 'mentionIds', to_json(c.mention_ids), 'version', c.version, 'createdAt', rfc3339(c.created_at),
  'updatedAt', rfc3339(c.updated_at), 'editedAt', rfc3339(c.edited_at)
)`;
