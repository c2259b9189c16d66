import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareDatabase } from '@taskflow/migrate';
import { startPostgres } from '../postgres/start-postgres.ts';
import { startRedis } from '../redis/start-redis.ts';
import type { TestDatabase } from './test-database.ts';

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
  on(): Promise<void>;
}

interface Running {
  stop(): Promise<void>;
}

function createSwitch(start: () => Promise<Running>, first: Running): Switch {
  let running: Running | undefined = first;
  return {
    async off() {
      await running?.stop();
      running = undefined;
    },
    async on() {
      running ??= await start();
    },
  };
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
