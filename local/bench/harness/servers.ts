import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareDatabase } from '@taskflow/migrate';
import pg from 'pg';
import { startPostgres, startRedis } from '../../embedded/index.ts';

/** PostgreSQL and Redis of one run of benchmarks, as durable as in production. */
export interface Servers {
  /** The database as superuser. */
  readonly admin: pg.Client;
  /** The same, to connect to. */
  readonly adminUrl: string;
  /** The database as the role of the API. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

/** Of the roles of every database here. */
export const rolePasswords = { owner: 'owner-for-bench', app: 'app-for-bench', readonly: 'readonly-for-bench' };

/**
 * Starts both with statement statistics and a migrated database.
 *
 * @param keptFolder where they, and what was seeded, stay for the next run; without it everything is removed
 */
export async function startServers(keptFolder?: string): Promise<Servers> {
  const folder = keptFolder ?? (await mkdtemp(path.join(tmpdir(), 'taskflow-bench-')));
  const postgresOptions = { dataDir: path.join(folder, 'postgres'), database: 'taskflow' };
  const first = await startPostgres(postgresOptions);
  await asAdmin(first.adminUrl, [
    "alter system set shared_preload_libraries = 'pg_stat_statements'",
    "alter system set pg_stat_statements.track = 'all'",
    "alter system set shared_buffers = '512MB'",
    "alter system set max_wal_size = '4GB'",
  ]);
  await first.stop();
  const [postgres, redis] = await Promise.all([
    startPostgres(postgresOptions),
    startRedis({ dataDir: path.join(folder, 'redis'), env: { ...process.env, REDIS_URL: '' } }),
  ]);
  const url = new URL(postgres.adminUrl);
  url.pathname = '/taskflow';
  await prepareDatabase({ adminUrl: url.href, passwords: rolePasswords, log: () => undefined });
  await asAdmin(url.href, ['create extension if not exists pg_stat_statements']);
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  const adminUrl = url.href;
  url.username = 'taskflow_app';
  url.password = rolePasswords.app;
  return {
    admin,
    adminUrl,
    databaseUrl: url.href,
    redisUrl: redis.url,
    async stop() {
      await admin.end();
      await Promise.all([postgres.stop(), redis.stop()]);
      if (keptFolder === undefined) {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) {
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

/** What PostgreSQL did for the API's role, in all but calls of NOTIFY, which come by the clock and not by request. */
export interface DatabaseWork {
  readonly statements: number;
  readonly buffers: number;
  readonly walBytes: number;
  readonly executionMs: number;
  readonly notifies: number;
}

/** Runs `work` and tells what PostgreSQL did for it; not noisy, unlike time. */
export async function observeDatabase(admin: pg.Client, work: () => Promise<unknown>): Promise<DatabaseWork> {
  await admin.query('select pg_stat_statements_reset()');
  await work();
  const { rows } = await admin.query<Record<keyof DatabaseWork, string>>(`
    select coalesce(sum(calls) filter (where not is_notify), 0) as statements,
      coalesce(sum(shared_blks_hit + shared_blks_read) filter (where not is_notify), 0) as buffers,
      coalesce(sum(wal_bytes) filter (where not is_notify), 0) as "walBytes",
      coalesce(sum(total_exec_time) filter (where not is_notify), 0) as "executionMs",
      coalesce(sum(calls) filter (where is_notify), 0) as notifies
    from pg_stat_statements
    cross join lateral (select query like 'select pg_notify(%' as is_notify) as kind
    where userid = 'taskflow_app'::regrole and toplevel`);
  const [row] = rows;
  return {
    statements: Number(row?.statements),
    buffers: Number(row?.buffers),
    walBytes: Number(row?.walBytes),
    executionMs: Number(row?.executionMs),
    notifies: Number(row?.notifies),
  };
}
