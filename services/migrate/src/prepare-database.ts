import { applyGrants, createDatabase, type Database, isDatabaseUnavailable, migrate } from '@taskflow/db';
import { type Clock, retry, systemClock } from '@taskflow/resilience';
import { ensureRoles, type RolePasswords } from './database-roles.ts';

/** Options of {@link prepareDatabase}. */
export interface PrepareDatabaseOptions {
  /** The database as a superuser, or as a role that may create roles and owns the database. */
  readonly adminUrl: string;
  readonly passwords: RolePasswords;
  /** One line per thing done or waited for. */
  readonly log: (message: string) => void;
  /** How long to wait for PostgreSQL, and for another migration. @default 10 min */
  readonly deadlineMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Longest that one statement of a migration may run. */
const migrationStatementTimeoutMs = 15 * 60_000;

/** Two runs at once may touch a role at the same time; one of them is then asked to try again. */
function isRoleConflict(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) {
    return false;
  }
  const isDuplicate = error.code === '23505' || error.code === '42710';
  return isDuplicate || (error.code === 'XX000' && error.message.includes('concurrently updated'));
}

function open(url: string): Database {
  return createDatabase({
    url,
    applicationName: 'taskflow-migrate',
    pool: { max: 2, acquireTimeoutMs: 10_000 },
    statementTimeoutMs: migrationStatementTimeoutMs,
    connectTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: migrationStatementTimeoutMs,
  });
}

async function withDatabase(url: string, work: (database: Database) => Promise<void>): Promise<void> {
  const database = open(url);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

function asOwner(adminUrl: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = 'taskflow_owner';
  url.password = password;
  return url.href;
}

/**
 * Makes a database ready for TaskFlow: waits for PostgreSQL, creates or updates the three roles,
 * migrates as the owner, sets the rights. Repeatable, and safe to run twice at once. Leaves no
 * connection behind.
 *
 * @throws the failing step's error; everything done before stays
 */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<void> {
  const { adminUrl, passwords, log, deadlineMs = 600_000, clock = systemClock } = options;
  await withDatabase(adminUrl, async (admin) => {
    await retry(() => admin.ping(), {
      baseDelayMs: 250,
      maxDelayMs: 5_000,
      deadlineMs,
      clock,
      shouldRetry: isDatabaseUnavailable,
      onRetry: ({ error, delayMs }) => {
        log(
          `waiting for PostgreSQL (${error instanceof Error ? error.message : String(error)}), next try in ${delayMs} ms`,
        );
      },
    });
    await retry(() => ensureRoles(admin, passwords, log), {
      baseDelayMs: 100,
      maxDelayMs: 1_000,
      attempts: 10,
      clock,
      shouldRetry: isRoleConflict,
      onRetry: () => log('another run changes the roles, trying again'),
    });
  });
  await withDatabase(asOwner(adminUrl, passwords.owner), async (owner) => {
    const applied = await migrate(owner, { log, deadlineMs });
    log(applied.length === 0 ? 'the schema was up to date' : `the schema is up to date: ${applied.length} applied`);
    await applyGrants(owner);
    log('rights are set');
  });
}
