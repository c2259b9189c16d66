import type { QueryResultRow } from 'pg';
import type { Sql } from 'sql-template-tag';

/** Options of one statement. */
export interface QueryOptions {
  /**
   * Makes the statement a prepared one: PostgreSQL parses and plans it once per connection.
   * The name only has to be readable; a hash of the text is appended, so two texts never collide.
   */
  readonly name?: string;
}

/**
 * Something that runs SQL: the pool (each statement on its own, committed at once) or one
 * transaction. Repositories take an `Executor`, so that the caller decides what belongs together.
 */
export interface Executor {
  /**
   * Runs one statement and answers its rows. `Row` is the caller's word for what the statement
   * selects; cast a column to `text` to receive JSON unparsed.
   *
   * @throws PostgreSQL's error, see the `is...` functions of this package for its classes
   */
  query<Row extends QueryResultRow>(statement: Sql, options?: QueryOptions): Promise<Row[]>;
}

/**
 * Runs a statement that answers at most one row.
 *
 * @throws RangeError when there are more
 */
export async function maybeOne<Row extends QueryResultRow>(
  executor: Executor,
  statement: Sql,
  options?: QueryOptions,
): Promise<Row | undefined> {
  const rows = await executor.query<Row>(statement, options);
  if (rows.length > 1) {
    throw new RangeError(`expected at most one row, got ${rows.length}`);
  }
  return rows[0];
}

/**
 * Runs a statement that answers exactly one row.
 *
 * @throws RangeError when there is none or more than one
 */
export async function one<Row extends QueryResultRow>(
  executor: Executor,
  statement: Sql,
  options?: QueryOptions,
): Promise<Row> {
  const row = await maybeOne<Row>(executor, statement, options);
  if (row === undefined) {
    throw new RangeError('expected one row, got none');
  }
  return row;
}
