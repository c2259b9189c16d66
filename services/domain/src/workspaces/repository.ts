import { type Executor, one, sql } from '@taskflow/db';
import type { Document } from '../core/document.ts';
import type { IdPage } from '../core/id-page.ts';
import { selectWorkspaces } from './json.ts';

/** A workspace to be. */
export interface NewWorkspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly ownerId: string;
}

/**
 * Creates a workspace with its owner, its first slug and its activity counter, unless the slug leads or led
 * elsewhere. Whoever claims the same slug at the same time waits for the outcome.
 *
 * @returns whether the slug was free
 */
export async function insertWorkspace(tx: Executor, { id, slug, name, ownerId }: NewWorkspace): Promise<boolean> {
  const rows = await tx.query(sql`
    with claimed as (
      insert into workspace_slugs (slug, workspace_id) values (${slug}, ${id}) on conflict do nothing returning slug
    ), workspace as (
      insert into workspaces (id, slug, name) select ${id}, slug, ${name} from claimed returning id
    ), owner as (
      insert into memberships (workspace_id, user_id, role) select id, ${ownerId}, 'owner' from workspace
    ), counter as (
      insert into activity_counters (workspace_id) select id from workspace
    )
    select from claimed`);
  return rows.length > 0;
}

/** Workspaces of a person, in the order of their creation. */
export const listWorkspaces = (executor: Executor, userId: string, { after, rowLimit }: IdPage): Promise<Document[]> =>
  executor.query(
    sql`
      ${selectWorkspaces(userId)} and (${after}::uuid is null or w.id > ${after}::uuid)
      order by w.id limit ${rowLimit}`,
    { name: 'workspace-list' },
  );

/** Makes a slug lead to a workspace, for ever. @returns false when it leads or led to another */
export async function claimSlug(tx: Executor, id: string, slug: string): Promise<boolean> {
  await tx.query(sql`
    insert into workspace_slugs (slug, workspace_id) values (${slug}, ${id}) on conflict do nothing`);
  const { workspace_id: holder } = await one<{ workspace_id: string }>(
    tx,
    sql`select workspace_id from workspace_slugs where slug = ${slug}`,
  );
  return holder === id;
}

/** Changes name and slug. */
export async function updateWorkspace(tx: Executor, id: string, name: string, slug: string): Promise<void> {
  await tx.query(sql`
    update workspaces set name = ${name}, slug = ${slug}, version = version + 1, updated_at = now() where id = ${id}`);
}

/** Deletes a workspace, or brings it back. */
export async function setDeleted(tx: Executor, id: string, isDeleted: boolean): Promise<void> {
  await tx.query(sql`
    update workspaces
    set deleted_at = case when ${isDeleted} then now() end, version = version + 1, updated_at = now()
    where id = ${id}`);
}
