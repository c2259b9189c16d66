import { randomUUID } from 'node:crypto';
import { createDatabase, type Database } from '@taskflow/db';
import { closeRedis, createRedis, createWakeUpChannel, type Redis, type WakeUpChannel } from '@taskflow/redis';
import type { BreakerStore } from '../breaker-store.ts';
import { createBreakerStore } from '../breaker-store.ts';
import type { BreakerSettings } from '../breakers.ts';
import { createBreakers, type CreateBreakersOptions, type SharedBreakers } from '../shared-breakers.ts';
import { createTransitionLog, type TransitionLog } from '../transition-log.ts';

/** Silence. */
export const quietLogger = { info: () => undefined, warn: () => undefined };

/** One process's connections, with what breakers are put together from. */
export interface BreakerProcess {
  readonly redis: Redis;
  readonly store: BreakerStore;
  readonly log: TransitionLog;
  readonly breakers: SharedBreakers;
  close(): Promise<void>;
}

/** A worker with breakers, not started. Those of the same namespace share. */
export function openProcess(options: {
  readonly redisUrl: string;
  readonly database: Database;
  readonly namespace: string;
  readonly settings?: BreakerSettings;
  readonly more?: Partial<CreateBreakersOptions>;
}): BreakerProcess {
  const { redisUrl, database, namespace, settings = { failureThreshold: 3, cooldownMs: 60_000 } } = options;
  const redis = createRedis({ url: redisUrl, name: 'test', onError: () => undefined });
  const wakeUps: WakeUpChannel = createWakeUpChannel({
    url: redisUrl,
    name: 'test-news',
    publisher: redis,
    onError: () => undefined,
  });
  const store = createBreakerStore({ redis, namespace });
  const log = createTransitionLog({ executor: database, logger: quietLogger, now: () => performance.now() });
  const breakers = createBreakers({
    store,
    wakeUps,
    executor: database,
    log,
    settings: () => settings,
    logger: quietLogger,
    pollIntervalMs: 100,
    ...options.more,
  });
  return {
    redis,
    store,
    log,
    breakers,
    async close() {
      await breakers.close();
      await log.close();
      await wakeUps.close();
      await closeRedis(redis);
    },
  };
}

/** A pool for a test file. */
export function openTestPool(url: string): Database {
  return createDatabase({
    url,
    applicationName: 'test',
    pool: { max: 5, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
}

/** A scope that no other test has. */
export const newScope = () => ({ type: 'webhook.deliver', scope: randomUUID() });
