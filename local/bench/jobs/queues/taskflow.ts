import { randomUUID } from 'node:crypto';
import { createDatabase, type Database, sql } from '@taskflow/db';
import {
  acceptJobs,
  type AnyJobHandler,
  createBeeQueueTransport,
  createBreakers,
  createBreakerStore,
  createDirectTransport,
  createJobEngine,
  createTransitionLog,
  defineJobType,
  engineDatabaseParameters,
  type EngineEvent,
  handleJob,
  type JobEngine,
  newJob,
} from '@taskflow/jobs';
import { closeRedis, createRedis, createWakeUpChannel } from '@taskflow/redis';
import { z } from 'zod';
import { concurrency, countdown, type DrainQueue, type QueueServers } from './job-queue.ts';

/** The type of all jobs here. */
export const noop = defineJobType({
  name: 'bench.noop',
  payload: z.strictObject({ n: z.int() }),
  priority: 'critical',
  timeoutMs: 30_000,
});

/** An engine as a worker has it. */
export interface BenchEngine {
  readonly engine: JobEngine;
  readonly database: Database;
  stop(): Promise<void>;
}

const silent = { info: () => undefined, warn: (_: object, message: string) => console.error(message) };

/** Puts an engine together as the worker does; its log lines and metrics are left out, as those of all others. */
export async function openEngine(
  { databaseUrl, redisUrl }: QueueServers,
  handlers: readonly AnyJobHandler[],
  onEvent: (event: EngineEvent) => void,
): Promise<BenchEngine> {
  const database = openDatabase(databaseUrl, engineDatabaseParameters);
  const onError = (error: unknown): void => console.error(error);
  const redis = createRedis({ url: redisUrl, name: 'bench', onError });
  const wakeUps = createWakeUpChannel({ url: redisUrl, name: 'bench-wake-ups', publisher: redis, onError });
  const store = createBreakerStore({ redis, namespace: `bench:${new URL(databaseUrl).pathname}` });
  const log = createTransitionLog({ executor: database, logger: silent, now: () => performance.now() });
  const settings = (): { failureThreshold: number; cooldownMs: number } => ({
    failureThreshold: 5,
    cooldownMs: 60_000,
  });
  const breakers = createBreakers({ store, wakeUps, executor: database, log, settings, logger: silent });
  const engine = createJobEngine({
    database,
    listen: { url: databaseUrl, connectTimeoutMs: 2_000 },
    handlers,
    breakers,
    transports: [
      createBeeQueueTransport({
        redisUrl,
        prefix: `bench-tf:${new URL(databaseUrl).pathname.slice(1)}`,
        onError,
        onWarning: () => undefined,
      }),
      createDirectTransport(),
    ],
    settings: { concurrency, maxAttempts: 3, retryDelayMs: 5_000 },
    workerName: `bench-${randomUUID()}`,
    onEvent(event) {
      if (event.kind === 'fault') {
        console.error(event.where, event.error);
      }
      onEvent(event);
    },
  });
  await breakers.start();
  await engine.start();
  return {
    engine,
    database,
    async stop() {
      await engine.stop(AbortSignal.timeout(10_000));
      await breakers.close();
      await log.close();
      await wakeUps.close();
      await closeRedis(redis);
      await database.close();
    },
  };
}

/** A pool on the database. */
export function openDatabase(url: string, parameters: Readonly<Record<string, string>> = {}): Database {
  return createDatabase({
    url,
    applicationName: 'bench',
    pool: { max: 6, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 2_000,
    parameters,
  });
}

/** Everything that it takes until a job is recorded as done; it stays in its table. */
export const drainTaskflow: DrainQueue = async (servers, count, { onRun, onAccepted, onRecorded }) => {
  const { done, one } = countdown(count);
  const handler = handleJob(noop, ({ n }) => {
    onRun(n);
    return Promise.resolve(undefined);
  });
  const { engine, database, stop } = await openEngine(servers, [handler], (event) => {
    if (event.kind === 'ended') {
      one();
    }
  });
  try {
    await acceptJobs(
      database,
      Array.from({ length: count }, (_, n) => newJob(randomUUID(), noop, { n })),
    );
    onAccepted();
    engine.wake();
    await done;
    onRecorded();
    const [wrong] = await database.query<{ wrong: number }>(
      sql`select count(*)::int as wrong from jobs where state <> 'succeeded' or attempt <> 1`,
    );
    if (wrong?.wrong !== 0) {
      throw new Error(`${wrong?.wrong} jobs did not succeed with their first attempt`);
    }
  } finally {
    await stop();
  }
};
