import { type Database, databaseRoles, one, quoteIdentifier, raw, sql } from '@taskflow/db';
import { scramVerifier } from './scram-verifier.ts';

/** Passwords of the three roles, printable ASCII. */
export interface RolePasswords {
  readonly owner: string;
  readonly app: string;
  readonly readonly: string;
}

/** Creates the role or updates its password; answers which. */
async function ensureRole(database: Database, role: string, password: string): Promise<'created' | 'updated'> {
  const { exists } = await one<{ exists: boolean }>(
    database,
    sql`SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ${role}) AS exists`,
  );
  const verb = exists ? 'ALTER' : 'CREATE';
  await database.query(raw(`${verb} ROLE ${quoteIdentifier(role)} LOGIN PASSWORD '${scramVerifier(password)}'`));
  return exists ? 'updated' : 'created';
}

/**
 * Makes sure the three roles exist with these passwords and that only the owner may create objects.
 * Needs a superuser, or a role that may create roles and owns the database. Repeatable.
 */
export async function ensureRoles(
  database: Database,
  passwords: RolePasswords,
  log: (message: string) => void,
): Promise<void> {
  for (const key of ['owner', 'app', 'readonly'] as const) {
    const role = databaseRoles[key];
    log(`role ${role} ${await ensureRole(database, role, passwords[key])}`);
  }
  const { name } = await one<{ name: string }>(database, sql`SELECT current_database() AS name`);
  const statements = [
    `GRANT CREATE ON DATABASE ${quoteIdentifier(name)} TO ${databaseRoles.owner}`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${databaseRoles.owner}`,
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `ALTER ROLE ${databaseRoles.readonly} SET default_transaction_read_only = on`,
  ];
  for (const statement of statements) {
    await database.query(raw(statement));
  }
}
