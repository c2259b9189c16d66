import { sql } from '@taskflow/db';

/** The one shape of an invitation: JSON of `invitations i`; its link is nowhere. */
export const invitationJson = sql`json_build_object(
  'id', i.id,
  'email', i.email,
  'role', i.role,
  'projectIds', i.project_ids,
  'invitedBy', i.invited_by,
  'createdAt', rfc3339(i.created_at),
  'expiresAt', rfc3339(i.expires_at)
)`;

/** What the holder of a link may know: JSON of `invitations i`, `workspaces w`, and who invited, `users u`. */
export const invitationPreviewJson = sql`json_build_object(
  'workspaceName', w.name,
  'invitedByName', u.name,
  'email', i.email,
  'role', i.role,
  'expiresAt', rfc3339(i.expires_at)
)`;
