import { sql } from '@taskflow/db';

/** The one shape of a person to themselves: JSON of `users u`. */
const userJson = sql`json_build_object(
  'id', u.id,
  'email', u.email,
  'name', u.name,
  'emailVerified', u.email_verified_at is not null,
  'isOperator', u.is_operator,
  'version', u.version,
  'createdAt', rfc3339(u.created_at),
  'updatedAt', rfc3339(u.updated_at)
)`;

/** Columns of a `Document` of `users u`. */
export const userDocument = sql`u.id, ${userJson}::text as json, u.version::text as etag`;

/** The one shape of an API token: JSON of `api_tokens k`; its value is nowhere. */
export const tokenJson = sql`json_build_object(
  'id', k.id,
  'name', k.name,
  'scopes', k.scopes,
  'createdAt', rfc3339(k.created_at),
  'lastUsedAt', rfc3339(k.last_used_at),
  'expiresAt', rfc3339(k.expires_at)
)`;
