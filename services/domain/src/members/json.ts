import { type Sql, sql } from '@taskflow/db';
import type { WorkspaceScope } from '../access/access.ts';

/**
 * The one shape of a person in a workspace: JSON of `memberships m` and `users u`. Guests are not told addresses.
 *
 * @param viewerRole the role of whoever reads it
 */
export const memberJson = (viewerRole: WorkspaceScope['role']): Sql => sql`json_build_object(
  'userId', m.user_id,
  'name', u.name,
  'email', case when ${viewerRole !== 'guest'} then u.email end,
  'role', m.role,
  'version', m.version,
  'joinedAt', rfc3339(m.joined_at)
)`;
