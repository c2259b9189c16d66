import { type Sql, sql } from '@taskflow/db';

/** The caller's own place in project `p`, joined as `pm`. */
export const callersRole = (userId: string): Sql =>
  sql`left join project_members pm on pm.project_id = p.id and pm.user_id = ${userId}`;

/** The one shape of a project: JSON of `projects p` with {@link callersRole} `pm`. */
export const projectJson = sql`json_build_object(
  'id', p.id,
  'workspaceId', p.workspace_id,
  'key', p.key,
  'name', p.name,
  'description', p.description,
  'color', p.color,
  'visibility', p.visibility,
  'role', pm.role,
  'version', p.version,
  'createdAt', rfc3339(p.created_at),
  'updatedAt', rfc3339(p.updated_at)
)`;

/** The ETag of project `p`: its version, and the caller's role, which changes without one. */
export const projectEtag = sql`p.version || '-' || coalesce(pm.role::text, 'none')`;

/** The one shape of a person in a project: JSON of `project_members pm` with its `users u`. */
export const projectMemberJson = sql`json_build_object(
  'userId', pm.user_id,
  'name', u.name,
  'role', pm.role,
  'addedAt', rfc3339(pm.added_at)
)`;
