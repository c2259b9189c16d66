import { type Executor, maybeOne, sql } from '@taskflow/db';
import { notFound } from '../core/errors.ts';

/** What a change of a workspace starts from. */
export type LockedWorkspace = { readonly slug: string; readonly name: string; readonly version: number };

/** Locks a workspace against other changes of it and of who is in it. @throws DomainError `not_found` */
export async function lockWorkspace(
  tx: Executor,
  id: string,
  state: 'there' | 'deleted' = 'there',
): Promise<LockedWorkspace> {
  const locked = await maybeOne<LockedWorkspace>(
    tx,
    sql`
      select slug, name, version from workspaces
      where id = ${id} and (deleted_at is not null) = ${state === 'deleted'}
      for no key update`,
  );
  if (locked === undefined) {
    throw notFound();
  }
  return locked;
}
