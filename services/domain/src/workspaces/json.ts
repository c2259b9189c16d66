import { type Executor, maybeOne, type Sql, sql } from '@taskflow/db';
import type { Document } from '../core/document.ts';
import { notFound } from '../core/errors.ts';

/** The one shape of a workspace to one of its people: JSON of `workspaces w` and their `memberships m`. */
const workspaceJson = sql`json_build_object(
  'id', w.id,
  'slug', w.slug,
  'name', w.name,
  'role', m.role,
  'version', w.version,
  'createdAt', rfc3339(w.created_at),
  'updatedAt', rfc3339(w.updated_at)
)`;

/** Selects `Document`s of workspaces as this person sees them; conditions on `w` go behind it. */
export const selectWorkspaces = (userId: string): Sql => sql`
  select w.id, ${workspaceJson}::text as json, w.version || '-' || m.role as etag
  from memberships m join workspaces w on w.id = m.workspace_id
  where m.user_id = ${userId} and w.deleted_at is null`;

/** A workspace as one of its people sees it. @throws DomainError `not_found` */
export async function readWorkspace(executor: Executor, userId: string, id: string): Promise<Document> {
  const document = await maybeOne<Document>(executor, sql`${selectWorkspaces(userId)} and w.id = ${id}`, {
    name: 'workspace-read',
  });
  if (document === undefined) {
    throw notFound();
  }
  return document;
}
