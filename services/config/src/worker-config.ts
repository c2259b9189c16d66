import { ports } from '@taskflow/contract/platform';
import { z } from 'zod';
import { deepFreeze, type Environment, type ReadText, readEnvironment, type VariableSet } from './environment.ts';
import {
  databasePoolMax,
  databaseStatementTimeoutMs,
  databaseUrl,
  gracePeriodMs,
  type LogLevelName,
  logLevel,
  managementPort,
  publicUrl,
  smtpUrl,
  storageUrl,
} from './shared-variables.ts';
import { cidr, commaList, mailbox, type StorageLocation, url, wholeNumber } from './variable-types.ts';

const shape = {
  PUBLIC_URL: publicUrl('Links in mails and reports begin with it.'),
  DATABASE_URL: databaseUrl,
  REDIS_URL: url('redis', 'rediss').describe(
    'Redis that carries jobs to workers and keeps the state of circuit breakers. Jobs go on, slower, while it is away.',
  ),
  HOST: z.string().prefault('0.0.0.0').describe('Address to listen on.'),
  MANAGEMENT_PORT: managementPort(ports.workerManagement),
  WORKER_CONCURRENCY: wholeNumber(1, 1_000).prefault('20').describe('Most jobs that run in this process at a time.'),
  FAILURE_THRESHOLD: wholeNumber(1, 1_000)
    .prefault('5')
    .describe('Failures in a row of one kind that open a circuit breaker.'),
  COOLDOWN_PERIOD: wholeNumber(1, 86_400)
    .prefault('60')
    .describe('Seconds that an open circuit breaker waits before it lets one job try again.'),
  MAX_RETRIES: wholeNumber(1, 100)
    .prefault('3')
    .describe('Attempts of a job in all, the first one counted; then it is quarantined.'),
  RETRY_DELAY_MS: wholeNumber(1, 86_400_000)
    .prefault('5000')
    .describe('Pause before the second attempt of a job, in ms; doubles with each further one.'),
  SMTP_URL: smtpUrl('Without it mails are kept and shown, not sent.'),
  MAIL_FROM: mailbox()
    .optional()
    .describe('Sender of mails, as in TaskFlow <taskflow@example.org>; taskflow@ the host of PUBLIC_URL if not set.'),
  WEBHOOK_ALLOWED_CIDRS: commaList(cidr())
    .prefault('')
    .describe('Ranges of private addresses, as in 10.1.0.0/16, that webhooks may call nevertheless.'),
  STORAGE_URL: storageUrl,
  DATABASE_POOL_MAX: databasePoolMax('for the jobs of one process, which has up to 7 more to manage them'),
  DATABASE_STATEMENT_TIMEOUT_MS: databaseStatementTimeoutMs,
  LOG_LEVEL: logLevel,
  DRAIN_DELAY_MS: wholeNumber(0, 600_000)
    .prefault('0')
    .describe('How long to go on as usual after SIGTERM, in ms. Nobody sends traffic here, so it need not be more.'),
  GRACE_PERIOD_MS: gracePeriodMs('jobs'),
};

/** The variables of the worker process. */
export const workerVariables: VariableSet<typeof shape> = {
  schema: z.object(shape),
  secrets: new Set(['DATABASE_URL', 'REDIS_URL', 'SMTP_URL']),
};

/** Configuration of the worker process. */
export interface WorkerConfig {
  /** Origin that people see: scheme, host, port. */
  readonly publicUrl: string;
  readonly management: { readonly host: string; readonly port: number };
  readonly database: { readonly url: string; readonly poolMax: number; readonly statementTimeoutMs: number };
  readonly redis: { readonly url: string };
  readonly jobs: {
    /** Most jobs at a time, in this process. */
    readonly concurrency: number;
    /** What types of jobs follow that do not say otherwise. */
    readonly defaults: {
      readonly failureThreshold: number;
      readonly cooldownMs: number;
      /** Attempts in all. */
      readonly maxAttempts: number;
      readonly retryDelayMs: number;
    };
  };
  readonly mail: {
    /** `undefined` when mails are kept and not sent. */
    readonly smtpUrl: string | undefined;
    /** An address, alone or as `Name <address>`. */
    readonly from: string;
  };
  /** Ranges of private addresses that webhooks may call nevertheless. */
  readonly webhooks: { readonly allowedCidrs: readonly string[] };
  /** Where files are kept; the same for all processes. */
  readonly storage: StorageLocation;
  readonly log: { readonly level: LogLevelName };
  readonly lifecycle: { readonly drainDelayMs: number; readonly gracePeriodMs: number };
}

/**
 * The worker process's configuration, frozen.
 *
 * @throws ConfigError with every problem
 */
export function loadWorkerConfig(environment: Environment, readText?: ReadText): WorkerConfig {
  const read = readEnvironment(workerVariables, environment, readText);
  return deepFreeze({
    publicUrl: read.PUBLIC_URL,
    management: { host: read.HOST, port: read.MANAGEMENT_PORT },
    database: {
      url: read.DATABASE_URL,
      poolMax: read.DATABASE_POOL_MAX,
      statementTimeoutMs: read.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    redis: { url: read.REDIS_URL },
    jobs: {
      concurrency: read.WORKER_CONCURRENCY,
      defaults: {
        failureThreshold: read.FAILURE_THRESHOLD,
        cooldownMs: read.COOLDOWN_PERIOD * 1_000,
        maxAttempts: read.MAX_RETRIES,
        retryDelayMs: read.RETRY_DELAY_MS,
      },
    },
    mail: {
      smtpUrl: read.SMTP_URL,
      from: read.MAIL_FROM ?? `TaskFlow <taskflow@${new URL(read.PUBLIC_URL).hostname}>`,
    },
    webhooks: { allowedCidrs: read.WEBHOOK_ALLOWED_CIDRS },
    storage: read.STORAGE_URL,
    log: { level: read.LOG_LEVEL },
    lifecycle: { drainDelayMs: read.DRAIN_DELAY_MS, gracePeriodMs: read.GRACE_PERIOD_MS },
  });
}
