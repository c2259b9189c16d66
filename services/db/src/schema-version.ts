import sql from 'sql-template-tag';
import type { Executor } from './executor.ts';
import { migrationVersion } from './migration.ts';
import { migrations } from './migrations/index.ts';

/** The version of the schema that this code was written for; a newer database is fine, an older is not. */
export const requiredSchemaVersion: number = migrations.reduce(
  (newest, migration) => Math.max(newest, migrationVersion(migration.name)),
  0,
);

/** The version the database has, 0 when nothing was migrated yet. @throws the connection's error */
export async function readSchemaVersion(executor: Executor): Promise<number> {
  try {
    const rows = await executor.query<{ name: string }>(
      sql`SELECT name FROM schema_migrations ORDER BY name DESC LIMIT 1`,
    );
    return rows[0] === undefined ? 0 : migrationVersion(rows[0].name);
  } catch (error) {
    const undefinedTable = '42P01';
    if (error instanceof Error && 'code' in error && error.code === undefinedTable) {
      return 0;
    }
    throw error;
  }
}
