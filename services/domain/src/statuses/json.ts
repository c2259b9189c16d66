import { sql } from '@taskflow/db';

/** The one shape of a status: JSON of `statuses s`. */
export const statusJson = sql`json_build_object(
  'id', s.id,
  'projectId', s.project_id,
  'name', s.name,
  'category', s.category,
  'color', s.color,
  'position', s.position,
  'version', s.version,
  'createdAt', rfc3339(s.created_at),
  'updatedAt', rfc3339(s.updated_at)
)`;
