import type { Sql } from 'sql-template-tag';

/** What storage asks of a database: `Executor` of `@taskflow/db` is one. */
export interface BlobDatabase {
  /** Runs one statement, committed at once, and answers its rows. */
  query<Row extends Record<string, unknown>>(statement: Sql, options?: { readonly name?: string }): Promise<Row[]>;
}
