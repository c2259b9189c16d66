import { sql } from '@taskflow/db';

/** The one shape of a comment: JSON of `comments cm` with its task `t`. */
export const commentJson = sql`json_build_object(
  'id', cm.id,
  'workspaceId', cm.workspace_id,
  'projectId', t.project_id,
  'taskId', cm.task_id,
  'authorId', cm.author_id,
  'body', cm.body,
  'mentionIds', to_json(cm.mention_ids),
  'version', cm.version,
  'createdAt', rfc3339(cm.created_at),
  'updatedAt', rfc3339(cm.updated_at),
  'editedAt', rfc3339(cm.edited_at)
)`;
