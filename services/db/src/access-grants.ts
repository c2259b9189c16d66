import sql, { raw } from 'sql-template-tag';
import type { Database } from './database.ts';
import type { Executor } from './executor.ts';

/** The three roles of a TaskFlow database. */
export const databaseRoles = {
  /** Owns every object and runs migrations. */
  owner: 'taskflow_owner',
  /** Reads and writes rows; cannot change the schema. */
  app: 'taskflow_app',
  /** Reads everything but secrets, for reports and for people. */
  readonly: 'taskflow_readonly',
} as const;

/** Tables that only say who may come in: the read-only role sees nothing of them. */
const secretTables = new Set(['sessions', 'api_tokens', 'idempotency_keys']);

/** Columns of other tables that the read-only role does not see, by name, so that new ones start hidden. */
const secretColumn = /password|token|secret/;

/** The record of migrations: the app may look, only the owner writes. */
const migrationTables = new Set(['schema_migrations', 'schema_migrations_lock']);

interface TableColumns {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Quotes a name for SQL, like PostgreSQL's quote_ident. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function readonlyGrant({ table, columns }: TableColumns): string[] {
  if (secretTables.has(table)) {
    return [];
  }
  const visible = columns.filter((column) => !secretColumn.test(column));
  const target = `ON ${quoteIdentifier(table)} TO ${databaseRoles.readonly}`;
  if (visible.length === columns.length) {
    return [`GRANT SELECT ${target}`];
  }
  return visible.length === 0 ? [] : [`GRANT SELECT (${visible.map(quoteIdentifier).join(', ')}) ${target}`];
}

function appGrant({ table }: TableColumns): string {
  const rights = migrationTables.has(table) ? 'SELECT' : 'SELECT, INSERT, UPDATE, DELETE';
  return `GRANT ${rights} ON ${quoteIdentifier(table)} TO ${databaseRoles.app}`;
}

function grantsFor(tables: readonly TableColumns[]): string[] {
  const { owner, app, readonly } = databaseRoles;
  return [
    `GRANT USAGE ON SCHEMA public TO ${app}, ${readonly}`,
    // what the owner makes later is covered even before the next run of this function
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app}`,
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${app}`,
    // a table that lost a right, or gained a secret column, must not keep an old grant
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${app}, ${readonly}`,
    ...tables.map(({ table, columns }) => {
      const names = columns.map(quoteIdentifier).join(', ');
      return `REVOKE ALL (${names}) ON ${quoteIdentifier(table)} FROM ${app}, ${readonly}`;
    }),
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${app}`,
    ...tables.map(appGrant),
    ...tables.flatMap(readonlyGrant),
  ];
}

async function listTables(executor: Executor): Promise<TableColumns[]> {
  return executor.query<{ table: string; columns: string[] }>(sql`
    SELECT c.relname AS "table", array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
       AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = ${databaseRoles.owner})
     GROUP BY c.relname
     ORDER BY c.relname`);
}

/** Any number that nothing else in this database uses as an advisory lock. */
const advisoryLockKey = 7_215_301_989;

/**
 * Brings the rights of the app and read-only roles in line with the tables there are: the app gets
 * rows and no DDL, the read-only role everything but secrets. One transaction; call it as the owner
 * after migrations.
 */
export async function applyGrants(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    // PostgreSQL refuses to change the rights of a table twice at once: "tuple concurrently updated".
    await tx.query(sql`SELECT pg_advisory_xact_lock(${advisoryLockKey}::bigint)`);
    for (const statement of grantsFor(await listTables(tx))) {
      await tx.query(raw(statement));
    }
  });
}
