import { type Executor, maybeOne, type Sql, sql } from '@taskflow/db';
import { notFound } from '../core/errors.ts';
import type { ProjectAccess } from './access.ts';

type Columns = Record<string, unknown>;

/**
 * Something that one statement reads. It may be about whatever the caller turns out to see: the statement knows them as
 * the one row of the table `access`, with `user_id` and, where these are looked up, `workspace_id` and `project_id`.
 */
export interface Reading<Result> {
  /**
   * Reads it. Whether `access` is any good is for who asks to find out, before anybody is told the result.
   *
   * @param access answers the row of `access`, or none; then nothing is read
   */
  run<Access extends Columns>(
    executor: Executor,
    access: Sql,
  ): Promise<{ readonly access: Access; readonly result: Result } | undefined>;
}

/** Describes a reading. */
export function reading<Row extends Columns, Result>(of: {
  /** The name of the prepared statement, where its text is one of few. */
  readonly name: string | undefined;
  /** Tables that `select` uses, as they stand behind `with`. */
  readonly tables: Sql;
  /** Answers exactly one row. */
  readonly select: Sql;
  readonly toResult: (row: Row) => Result;
}): Reading<Result> {
  const { name, tables, select, toResult } = of;
  return {
    async run<Access extends Columns>(executor: Executor, access: Sql) {
      const row = await maybeOne<Access & Row>(
        executor,
        sql`with access as (${access}), ${tables} select access.*, answer.* from access cross join (${select}) answer`,
        name === undefined ? undefined : { name },
      );
      return row && { access: row, result: toResult(row) };
    },
  };
}

/** Reads for somebody whose rights are known. */
export async function readAs<Result>(
  executor: Executor,
  access: { readonly caller: Pick<ProjectAccess['caller'], 'userId'> } & Partial<Pick<ProjectAccess, 'project'>>,
  what: Reading<Result>,
): Promise<Result> {
  const { caller, project } = access;
  const known = sql`select ${caller.userId}::uuid as user_id, ${project?.id ?? null}::uuid as project_id`;
  const read = await what.run(executor, known);
  if (read === undefined) {
    throw notFound();
  }
  return read.result;
}
