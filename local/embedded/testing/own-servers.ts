import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareDatabase } from '@taskflow/migrate';
import pg from 'pg';
import { startPostgres } from '../postgres/start-postgres.ts';
import { startRedis } from '../redis/start-redis.ts';
import { signalProcess } from '../server-process.ts';
import type { TestDatabase } from './test-database.ts';

const CHILDREN_END_MS = 10_000;

/** Servers of one test file's own, which it may stop and start as it likes. */
export interface OwnServers {
  /** Migrated; `drop` does nothing, the data goes with {@link OwnServers.remove}. */
  readonly database: TestDatabase;
  readonly redisUrl: string;
  readonly postgres: Switch;
  readonly redis: Switch;
  /** Stops both and removes their data. */
  remove(): Promise<void>;
}

/** Turns a server off and on again, with the same address and data. */
interface Switch {
  off(): Promise<void>;
  /** Ends it at once, as a crash would (SIGKILL). */
  kill(): Promise<void>;
  on(): Promise<void>;
}

interface Running {
  readonly pid: number | undefined;
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** @param children processes of the server's own, which outlive it by a moment and must be gone before the next start */
function createSwitch(
  start: () => Promise<Running>,
  first: Running,
  children: () => Promise<readonly number[]> = () => Promise.resolve([]),
): Switch {
  let running: Running | undefined = first;
  return {
    async off() {
      await running?.stop();
      running = undefined;
    },
    async kill() {
      if (running?.pid === undefined) {
        throw new Error('there is no server of our own to kill');
      }
      const left = await children();
      process.kill(running.pid, 'SIGKILL');
      await running.exited;
      running = undefined;
      const deadline = performance.now() + CHILDREN_END_MS;
      while (left.some((pid) => signalProcess(pid, 0)) && performance.now() < deadline) {
        await delay(10);
      }
    },
    async on() {
      running ??= await start();
    },
  };
}

/** Who serves, and who writes to the data in the background. */
async function postgresChildren(adminUrl: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000, query_timeout: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    return rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

/** Starts a PostgreSQL and a Redis beside those that the test files share. Takes some seconds. */
export async function startOwnServers(): Promise<OwnServers> {
  const folder = await mkdtemp(path.join(tmpdir(), `taskflow-own-${process.pid}-`));
  const postgresDir = path.join(folder, 'postgres');
  const redisOptions = {
    dataDir: path.join(folder, 'redis'),
    env: { ...process.env, REDIS_URL: process.env['TEST_REDIS_URL'] ?? '' },
  };
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir: postgresDir, durability: 'disposable' }),
    startRedis(redisOptions),
  ]);
  const passwords = { owner: 'owner-for-tests', app: 'app-for-tests', readonly: 'readonly-for-tests' };
  await prepareDatabase({ adminUrl: postgres.adminUrl, passwords, log: () => undefined });
  const urlFor = (user: string, password: string): string => {
    const url = new URL(postgres.adminUrl);
    url.username = user;
    url.password = password;
    return url.href;
  };
  const switches = {
    postgres: createSwitch(
      () => startPostgres({ dataDir: postgresDir, durability: 'disposable', port: postgres.port }),
      postgres,
      () => postgresChildren(postgres.adminUrl),
    ),
    redis: createSwitch(() => startRedis({ ...redisOptions, port: redis.port }), redis),
  };
  return {
    database: {
      urls: {
        admin: postgres.adminUrl,
        owner: urlFor('taskflow_owner', passwords.owner),
        app: urlFor('taskflow_app', passwords.app),
        readonly: urlFor('taskflow_readonly', passwords.readonly),
      },
      drop: () => Promise.resolve(),
    },
    redisUrl: redis.url,
    ...switches,
    async remove() {
      await Promise.all([switches.postgres.off(), switches.redis.off()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
