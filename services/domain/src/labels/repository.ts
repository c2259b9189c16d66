import { type Executor, maybeOne, one, sql } from '@taskflow/db';
import type { Document } from '../core/document.ts';
import { labelJson } from './json.ts';

/** A label as its own row has it. */
export type LabelRow = { readonly version: number; readonly name: string; readonly color: string };

/** By name. */
export async function listLabels(executor: Executor, workspaceId: string): Promise<{ json: string }[]> {
  return executor.query<{ json: string }>(
    sql`
      select ${labelJson}::text as json from labels l
      where l.workspace_id = ${workspaceId} and l.deleted_at is null
      order by lower(l.name), l.id`,
    { name: 'label-list' },
  );
}

/** How many labels a workspace has. */
export async function countLabels(executor: Executor, workspaceId: string): Promise<number> {
  const row = await one<{ count: number }>(
    executor,
    sql`select count(*)::int as count from labels where workspace_id = ${workspaceId} and deleted_at is null`,
  );
  return row.count;
}

/**
 * Locks a label until the transaction ends: nobody puts it on a task meanwhile, because whoever does holds a
 * key-share lock of it.
 */
export async function lockLabel(
  executor: Executor,
  workspaceId: string,
  labelId: string,
): Promise<LabelRow | undefined> {
  return maybeOne<LabelRow>(
    executor,
    sql`
      select version, name, color from labels
      where workspace_id = ${workspaceId} and id = ${labelId}::uuid and deleted_at is null
      for update`,
  );
}

/** Inserts a label. */
export async function insertLabel(
  executor: Executor,
  label: { readonly id: string; readonly workspaceId: string; readonly name: string; readonly color: string },
): Promise<void> {
  await executor.query(sql`
    insert into labels (id, workspace_id, name, color)
    values (${label.id}, ${label.workspaceId}, ${label.name}, ${label.color})`);
}

/** Writes every field of a label. */
export async function updateLabel(executor: Executor, labelId: string, next: Omit<LabelRow, 'version'>): Promise<void> {
  await executor.query(sql`
    update labels set name = ${next.name}, color = ${next.color}, version = version + 1, updated_at = now()
    where id = ${labelId}::uuid`);
}

/** A label that is there. */
export async function readLabel(executor: Executor, labelId: string): Promise<Document> {
  return one<Document>(
    executor,
    sql`
      select l.id, ${labelJson}::text as json, l.version::text as etag from labels l where l.id = ${labelId}::uuid`,
    { name: 'label-read' },
  );
}

/** Deletes a label and takes it off every task. */
export async function deleteLabel(executor: Executor, labelId: string): Promise<void> {
  await executor.query(sql`
    with deleted as (
      update labels set deleted_at = now(), version = version + 1, updated_at = now() where id = ${labelId}::uuid
    )
    delete from task_labels where label_id = ${labelId}::uuid`);
}
