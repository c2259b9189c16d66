import type { WorkerConfig } from '@taskflow/config';
import { metricNames } from '@taskflow/contract/platform';
import { createDatabase, type Database, type QueryInfo, sql } from '@taskflow/db';
import { newId } from '@taskflow/domain';
import {
  createBeeQueueTransport,
  createDirectTransport,
  createJobEngine,
  createScheduleStep,
  engineDatabaseParameters,
  type EngineSettings,
  type JobEngine,
  jobsChannel,
  type ReconcileStep,
} from '@taskflow/jobs';
import type { Redis, WakeUpChannel } from '@taskflow/redis';
import type { Logger, Metrics } from '@taskflow/telemetry';
import { createCircuitBreakers } from './circuit-breakers.ts';
import { createJobContexts } from './signals/job-contexts.ts';
import { createJobLog } from './signals/job-log.ts';
import { createJobMetrics } from './signals/job-metrics.ts';
import type { Worker } from './worker.ts';

/** What the engine is put together from. */
export interface EngineOptions {
  readonly config: WorkerConfig;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** From {@link openEngineDatabase}. */
  readonly database: Database;
  readonly redis: Redis;
  readonly wakeUps: WakeUpChannel;
  readonly worker: Worker;
  /** Tells this process from all others, also from earlier ones. */
  readonly workerName: string;
  /** For tests, which cannot wait for a lease of 30 s. @default what the engine thinks best */
  readonly times?: EngineTimes | undefined;
}

/** How long an engine waits for what. */
export type EngineTimes = Pick<EngineSettings, 'leaseMs' | 'staleAfterMs' | 'abortGraceMs'>;

/** A worker's engine with its circuit breakers. */
export interface WorkerEngine extends Pick<JobEngine, 'start' | 'stop' | 'check' | 'wake'> {
  /** False when only a new process helps. */
  isAlive(): boolean;
}

const connectTimeoutMs = 2_000;

/** What is left of the grace period after running jobs had theirs: to write down what was returned, and to close. */
const lastWordsMs = 1_500;

/** The pool of the engine alone: handlers that take all connections must not keep it from renewing their leases. */
export function openEngineDatabase({ database }: WorkerConfig, onQuery: (info: QueryInfo) => void): Database {
  return createDatabase({
    url: database.url,
    applicationName: 'taskflow-worker-engine',
    pool: { max: 6, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: database.statementTimeoutMs,
    connectTimeoutMs,
    parameters: engineDatabaseParameters,
    onQuery,
  });
}

/** Puts the engine together; nothing happens before it is started. */
export function createEngine(options: EngineOptions): WorkerEngine {
  const { config, log, metrics, database, worker, workerName } = options;
  const contexts = createJobContexts();
  const logEvent = createJobLog({ log, takeContext: contexts.take });
  const countEvent = createJobMetrics(metrics);
  const beeQueue = createBeeQueueTransport({
    redisUrl: config.redis.url,
    onError: (error) => log.warn({ err: error }, 'job queues'),
    onWarning: (message) => log.warn({}, message),
  });
  const { maxAttempts, retryDelayMs } = config.jobs.defaults;
  const { breakers, ...circuits } = createCircuitBreakers({
    ...options,
    defaults: config.jobs.defaults,
    types: worker.handlers.map(({ type }) => type),
    onReleased: () => engine.wake(),
  });
  const engine = createJobEngine({
    database,
    listen: { url: config.database.url, connectTimeoutMs },
    handlers: worker.handlers,
    breakers,
    transports: [beeQueue, createDirectTransport()],
    reconcileSteps: [...circuits.steps, scheduleStep(options)],
    settings: {
      maxAttempts,
      retryDelayMs,
      concurrency: config.jobs.concurrency,
      shutdownGraceMs: Math.max(0, config.lifecycle.gracePeriodMs - lastWordsMs),
      ...options.times,
    },
    workerName,
    runInContext: contexts.run,
    onEvent(event) {
      countEvent(event);
      logEvent(event);
    },
  });
  showRunning(metrics, engine);
  return {
    async start() {
      await breakers.start();
      await engine.start();
    },
    async stop(signal) {
      await engine.stop(signal);
      await circuits.close();
    },
    check: () => engine.check(),
    wake: () => engine.wake(),
    isAlive: () => beeQueue.isAlive(),
  };
}

function showRunning(metrics: Metrics, engine: JobEngine): void {
  metrics.gauge({
    name: metricNames.jobsRunning,
    help: 'Jobs that run in this process.',
    collect: (gauge) => gauge.set(engine.running),
  });
}

function scheduleStep({ log, worker }: EngineOptions): ReconcileStep {
  const fire = createScheduleStep({
    types: worker.handlers.map(({ type }) => type),
    newId,
    onUnreadable: (scheduleId, error) => log.error({ scheduleId, err: error }, 'a schedule cannot be read'),
  });
  return {
    name: 'schedules',
    async run(tx) {
      if ((await fire(tx)) > 0) {
        // seldom enough to ride in the transaction, so that every worker hears of it just when it is committed
        await tx.query(sql`select pg_notify(${jobsChannel}, '')`, { name: 'jobs-notify' });
      }
    },
  };
}
