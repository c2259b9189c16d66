import { type Executor, maybeOne, sql } from '@taskflow/db';
import { notFound } from '../core/errors.ts';

/** A project as its own row has it. */
export type ProjectRow = {
  readonly version: number;
  readonly name: string;
  readonly key: string;
  readonly description: string;
  readonly color: string;
  readonly visibility: 'workspace' | 'private';
};

/**
 * Locks a project until the transaction ends. Whoever changes what a project is made of - settings, people, statuses -
 * does so one after another; tasks are created meanwhile.
 *
 * @throws DomainError `not_found` when it has been deleted meanwhile
 */
export async function lockProject(executor: Executor, projectId: string): Promise<ProjectRow> {
  const row = await maybeOne<ProjectRow>(
    executor,
    sql`
      select version, name, key, description, color, visibility from projects
      where id = ${projectId} and deleted_at is null
      for no key update`,
    { name: 'project-lock' },
  );
  if (row === undefined) {
    throw notFound();
  }
  return row;
}
