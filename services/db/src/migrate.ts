import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { ConnectionPool } from './connection-pool.ts';
import type { Database } from './database.ts';
import { isLockTimeout } from './database-errors.ts';
import type { Migration } from './migration.ts';
import { migrations as allMigrations } from './migrations/index.ts';

/** How a migration run behaves; the defaults suit production. */
export interface MigrateOptions {
  /** One line per step taken. */
  readonly log: (message: string) => void;
  /** @default every migration of this release */
  readonly migrations?: readonly Migration[];
  /** The longest wait for another migrator, and for repeats after a lock was not granted. @default 10 min */
  readonly deadlineMs?: number;
  /** The longest a step may stand in line for a table lock, since everyone queues behind it. @default 5 s */
  readonly lockTimeoutMs?: number;
  /** Pause between attempts. @default 500 ms */
  readonly retryDelayMs?: number;
}

/** Any number that nothing else in this database uses as an advisory lock. */
const advisoryLockKey = 7_215_301_988;

const tableName = 'schema_migrations';

function staticSource(list: readonly Migration[]): Knex.MigrationSource<Migration> {
  return {
    getMigrations: async () => [...list],
    getMigrationName: (migration) => migration.name,
    getMigration: async (migration) => ({
      config: { transaction: migration.transaction ?? true },
      up: (knex) => migration.up(knex),
      down: async () => {
        throw new Error('migrations only go forward');
      },
    }),
  };
}

/** knex answers the batch number and the names it applied, here one or none. */
function appliedName(outcome: unknown): string | undefined {
  const names: unknown = Array.isArray(outcome) ? outcome[1] : undefined;
  const name: unknown = Array.isArray(names) ? names[0] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function silence(): void {
  // knex writes trouble to the console; every error reaches the caller anyway
}

/** knex on connections of ours. Loaded here because nothing but migrations needs it. */
async function knexOn({ tarn }: ConnectionPool): Promise<Knex> {
  const { default: createKnex } = await import('knex');
  return createKnex({
    client: 'pg',
    connectionPool: tarn,
    log: { warn: silence, error: silence, deprecate: silence, debug: silence },
  });
}

/** Runs `work` while this session holds the advisory lock. */
async function withMigrationLock<Result>(
  pool: ConnectionPool,
  options: { deadline: number; retryDelayMs: number; log: (message: string) => void },
  work: () => Promise<Result>,
): Promise<Result> {
  const connection = await pool.acquire();
  // Tries instead of waiting in PostgreSQL: a waiting statement holds a snapshot, which
  // CREATE INDEX CONCURRENTLY in the other migrator would wait for.
  const attempt = async (): Promise<boolean> => {
    const result = await connection.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      advisoryLockKey,
    ]);
    return result.rows[0]?.locked === true;
  };
  try {
    let waiting = false;
    while (!(await attempt())) {
      if (Date.now() > options.deadline) {
        throw new Error('another migration is still running: gave up waiting for it');
      }
      if (!waiting) {
        waiting = true;
        options.log('waiting for another migration to finish');
      }
      await sleep(options.retryDelayMs);
    }
    try {
      return await work();
    } finally {
      await connection.query('SELECT pg_advisory_unlock($1)', [advisoryLockKey]);
    }
  } finally {
    pool.release(connection);
  }
}

/**
 * Brings the schema up to this release: each missing migration in its own transaction together with
 * its record, one migrator at a time. A database that is newer is left alone. The pool needs two
 * connections. Answers the names applied.
 *
 * @throws the failing step's error (earlier steps stay), or when the deadline passed
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<string[]> {
  const { log, lockTimeoutMs = 5_000, retryDelayMs = 500 } = options;
  const deadline = Date.now() + (options.deadlineMs ?? 600_000);
  const knex = await knexOn(database.pool);
  const config: Knex.MigratorConfig = {
    migrationSource: staticSource(options.migrations ?? allMigrations),
    tableName,
    disableMigrationsListValidation: true,
  };

  const step = async (): Promise<string | undefined> => {
    for (;;) {
      try {
        const outcome: unknown = await knex.migrate.up({
          ...config,
          beforeEach: async (transaction: Knex) => {
            await transaction.raw(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
          },
        });
        return appliedName(outcome);
      } catch (error) {
        if (!isLockTimeout(error) || Date.now() > deadline) {
          throw error;
        }
        log('a table is in use, trying again');
        await sleep(retryDelayMs);
      }
    }
  };

  return withMigrationLock(database.pool, { deadline, retryDelayMs, log }, async () => {
    // A migrator that was killed outside a transaction leaves knex's own lock behind; ours is held.
    await knex.migrate.forceFreeMigrationsLock(config);
    const applied: string[] = [];
    for (let name = await step(); name !== undefined; name = await step()) {
      log(`applied ${name}`);
      applied.push(name);
    }
    return applied;
  });
}
