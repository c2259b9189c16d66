import { sql } from '@taskflow/db';

/** The one shape of an activity: JSON of `activity a`. */
export const activityJson = sql`json_build_object(
  'workspaceId', a.workspace_id,
  'number', a.number,
  'type', a.type,
  'at', rfc3339(a.at),
  'actorId', a.actor_id,
  'projectId', a.project_id,
  'taskId', a.task_id,
  'subjectId', a.subject_id,
  'subject', a.subject,
  'changes', a.changes
)`;
