import { createDatabase, type Database, type DatabaseOptions } from '../database.ts';

/** A pool for tests: small, with short deadlines. */
export function openDatabase(url: string, options: Partial<DatabaseOptions> = {}): Database {
  return createDatabase({
    url,
    applicationName: 'taskflow-test',
    pool: { max: 3, acquireTimeoutMs: 2_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 2_000,
    ...options,
  });
}
