import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerConfig } from '@taskflow/config';
import {
  createDatabase,
  type Database,
  isDatabaseUnavailable,
  poolMetrics,
  readSchemaVersion,
  requiredSchemaVersion,
  statementMetrics,
} from '@taskflow/db';
import { newId, type UnitOfWorkRunner } from '@taskflow/domain';
import { type AnyJobHandler, type BuiltInSchedule, createJobNotifier, ensureSchedules } from '@taskflow/jobs';
import { closeRedis, createRedis, createWakeUpChannel } from '@taskflow/redis';
import { createLifecycle, type Lifecycle, type LifecyclePart, systemClock } from '@taskflow/resilience';
import { createMetrics, type Logger, type ManagementServer, startManagementServer } from '@taskflow/telemetry';
import { createEngine, type EngineTimes, openEngineDatabase } from './engine.ts';
import { queueWatchPart } from './signals/queue-watch.ts';
import { createWorker, type Worker } from './worker.ts';

/** What a worker process is put together from. */
export interface WorkerProcessOptions {
  readonly config: WorkerConfig;
  readonly log: Logger;
  readonly version: string;
  /** For tests. @default what the engine thinks best */
  readonly times?: EngineTimes | undefined;
  /** For tests: handlers beside those of the product. @default none */
  readonly moreHandlers?: (units: UnitOfWorkRunner) => readonly AnyJobHandler[];
}

/** A worker process, ready to be started. */
export interface WorkerProcess {
  readonly lifecycle: Lifecycle;
  /** The port that it listens on, once started. */
  readonly ports: { management: number };
}

/** How long to wait for PostgreSQL before a statement fails. */
const waits = { acquireTimeoutMs: 5_000, connectTimeoutMs: 2_000 } as const;

/**
 * Puts a worker process together: probes first, then what it depends on, then the engine; it stops the other way
 * round, so that jobs under way end or are returned before the pools close.
 */
export function createWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const { config, log, version } = options;
  const metrics = createMetrics();
  const onRedisError = (error: Error) => log.warn({ err: error }, 'redis');
  const onQuery = statementMetrics(metrics);
  const database = createDatabase({
    url: config.database.url,
    applicationName: 'taskflow-worker',
    pool: { max: config.database.poolMax, acquireTimeoutMs: waits.acquireTimeoutMs },
    statementTimeoutMs: config.database.statementTimeoutMs,
    connectTimeoutMs: waits.connectTimeoutMs,
    onQuery,
  });
  poolMetrics(metrics, database);
  const engineDatabase = openEngineDatabase(config, onQuery);
  const redis = createRedis({ url: config.redis.url, name: 'taskflow-worker', onError: onRedisError });
  const wakeUps = createWakeUpChannel({
    url: config.redis.url,
    name: 'taskflow-worker-wake-ups',
    publisher: redis,
    onError: onRedisError,
  });
  const workerName = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const workers = createJobNotifier({
    executor: engineDatabase,
    onError: (error) => log.warn({ err: error }, 'could not wake the workers'),
  });
  const product = createWorker({
    database,
    wakeUps,
    onAccepted: () => workers.notify(),
    allowedCidrs: config.webhooks.allowedCidrs,
    storage: config.storage,
    version,
    publicUrl: config.publicUrl,
    mail: config.mail,
  });
  const worker: Worker = {
    ...product,
    handlers: [...product.handlers, ...(options.moreHandlers?.(product.units) ?? [])],
  };
  const shared = { config, log, metrics, redis, wakeUps };
  const engine = createEngine({ ...shared, database: engineDatabase, worker, workerName, times: options.times });
  const ports = { management: config.management.port };
  const parts: LifecyclePart[] = [
    managementPart(),
    postgresPart(database, engineDatabase),
    {
      name: 'redis',
      async stop() {
        await wakeUps.close();
        await closeRedis(redis);
      },
    },
    { name: 'handlers', stop: async () => worker.close() },
    schedulesPart(engineDatabase, worker.schedules),
    { name: 'jobs', start: engine.start, check: engine.check, stop: engine.stop },
    queueWatchPart({
      executor: engineDatabase,
      metrics,
      clock: systemClock,
      onError: (error) => log.warn({ err: error }, 'could not count what waits'),
    }),
  ];
  const lifecycle = createLifecycle(parts, { log, ...config.lifecycle });
  return { lifecycle, ports };

  function managementPart(): LifecyclePart {
    let server: ManagementServer | undefined;
    return {
      name: 'management',
      async start() {
        server = await startManagementServer({
          ...config.management,
          registry: metrics.registry,
          readiness: () => lifecycle.readiness(),
          isAlive: () => engine.isAlive(),
          log,
        });
        ports.management = server.port;
      },
      async stop() {
        await server?.close();
      },
    };
  }
}

function postgresPart(database: Database, engineDatabase: Database): LifecyclePart {
  return {
    name: 'postgres',
    isWaitable: () => true,
    async start() {
      const schema = await readSchemaVersion(database);
      if (schema < requiredSchemaVersion) {
        throw new Error(`the schema has version ${schema}, this release needs ${requiredSchemaVersion}: run migrate`);
      }
    },
    check: (signal) => database.ping(signal),
    async stop(signal) {
      await Promise.all([database.close(signal), engineDatabase.close(signal)]);
    },
  };
}

function schedulesPart(database: Database, schedules: readonly BuiltInSchedule[]): LifecyclePart {
  return {
    name: 'schedules',
    isWaitable: isDatabaseUnavailable,
    start: () => ensureSchedules(database, schedules, newId),
  };
}
