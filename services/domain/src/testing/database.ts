import { createDatabase, type Database, type QueryInfo } from '@taskflow/db';
import { createTestDatabase } from '@taskflow/local/embedded/testing';

/** A pool on a migrated database of the test file's own, in the role of the product. */
export interface OpenTestDatabase {
  readonly database: Database;
  /** Closes the pool and removes the database. */
  close(): Promise<void>;
}

/** Opens a new database; `close` it in `afterAll`. @param onQuery told of every statement */
export async function openTestDatabase(onQuery?: (info: QueryInfo) => void): Promise<OpenTestDatabase> {
  const testDatabase = await createTestDatabase();
  const database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 10, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
    ...(onQuery === undefined ? {} : { onQuery }),
  });
  return {
    database,
    async close() {
      await database.close();
      await testDatabase.drop();
    },
  };
}
