import { sql } from '@taskflow/db';

/** The one shape of a label: JSON of `labels l`. */
export const labelJson = sql`json_build_object(
  'id', l.id,
  'workspaceId', l.workspace_id,
  'name', l.name,
  'color', l.color,
  'version', l.version,
  'createdAt', rfc3339(l.created_at),
  'updatedAt', rfc3339(l.updated_at)
)`;
