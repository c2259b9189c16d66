import { lifecycleDefaults, ports } from '@taskflow/contract/platform';
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
import { commaList, oneOf, port, type StorageLocation, url, wholeNumber } from './variable-types.ts';

const shape = {
  PUBLIC_URL: publicUrl('Links, cookies and the cross-site check follow it.'),
  DATABASE_URL: databaseUrl,
  REDIS_URL: url('redis', 'rediss').describe(
    'Redis for rate limits and live events. TaskFlow goes on without it when it is away.',
  ),
  HOST: z.string().prefault('0.0.0.0').describe('Address to listen on, of both ports.'),
  PORT: port().prefault(String(ports.api)).describe('Port of the HTTP API.'),
  MANAGEMENT_PORT: managementPort(ports.apiManagement),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 16)
    .prefault('0')
    .describe('How many proxies stand in front and append to X-Forwarded-For; 0 ignores the header.'),
  REGISTRATION: oneOf('open', 'invite', 'closed')
    .prefault('open')
    .describe('Who may create an account: everyone, holders of an invitation (and the very first person), nobody.'),
  OPERATOR_EMAILS: commaList(z.email('must be e-mail addresses separated by commas'))
    .prefault('')
    .describe(
      'Accounts that operate the instance, beside the first one registered; where there is a mail server, once they have verified the address.',
    ),
  SMTP_URL: smtpUrl('The one of the worker: the api only has to know that there is one, and its name.'),
  SESSION_TTL_DAYS: wholeNumber(1, 365).prefault('30').describe('Days until a session that is not used ends.'),
  RATE_LIMIT_READS: wholeNumber(1, 1_000_000)
    .prefault('6000')
    .describe('Most reads a minute by one caller (or address), counted by each process.'),
  RATE_LIMIT_WRITES: wholeNumber(1, 1_000_000)
    .prefault('1200')
    .describe('Most writes a minute by one caller (or address), counted by all processes together.'),
  STORAGE_URL: storageUrl,
  DATABASE_POOL_MAX: databasePoolMax('of one process'),
  DATABASE_STATEMENT_TIMEOUT_MS: databaseStatementTimeoutMs,
  LOG_LEVEL: logLevel,
  DRAIN_DELAY_MS: wholeNumber(0, 600_000)
    .prefault(String(lifecycleDefaults.drainDelayMs))
    .describe('How long to serve on after SIGTERM, in ms, so that load balancers notice.'),
  GRACE_PERIOD_MS: gracePeriodMs('requests'),
};

/** The variables of the api process. */
export const apiVariables: VariableSet<typeof shape> = {
  schema: z.object(shape),
  secrets: new Set(['DATABASE_URL', 'REDIS_URL', 'SMTP_URL']),
};

/** Configuration of the api process. */
export interface ApiConfig {
  /** Origin that people see: scheme, host, port. */
  readonly publicUrl: string;
  readonly http: { readonly host: string; readonly port: number; readonly trustedProxyHops: number };
  readonly management: { readonly host: string; readonly port: number };
  readonly database: { readonly url: string; readonly poolMax: number; readonly statementTimeoutMs: number };
  readonly redis: { readonly url: string };
  readonly accounts: {
    readonly registration: 'open' | 'invite' | 'closed';
    /** In lower case. */
    readonly operatorEmails: readonly string[];
    readonly sessionTtlDays: number;
  };
  readonly mail: {
    /** Host of the mail server; `undefined` when the instance has none. */
    readonly provider: string | undefined;
  };
  readonly limits: { readonly readsPerMinute: number; readonly writesPerMinute: number };
  /** Where files are kept; the same for all processes. */
  readonly storage: StorageLocation;
  readonly log: { readonly level: LogLevelName };
  readonly lifecycle: { readonly drainDelayMs: number; readonly gracePeriodMs: number };
}

/**
 * The api process's configuration, frozen.
 *
 * @throws ConfigError with every problem
 */
export function loadApiConfig(environment: Environment, readText?: ReadText): ApiConfig {
  const read = readEnvironment(apiVariables, environment, readText);
  return deepFreeze({
    publicUrl: read.PUBLIC_URL,
    http: { host: read.HOST, port: read.PORT, trustedProxyHops: read.TRUSTED_PROXY_HOPS },
    management: { host: read.HOST, port: read.MANAGEMENT_PORT },
    database: {
      url: read.DATABASE_URL,
      poolMax: read.DATABASE_POOL_MAX,
      statementTimeoutMs: read.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    redis: { url: read.REDIS_URL },
    accounts: {
      registration: read.REGISTRATION,
      operatorEmails: read.OPERATOR_EMAILS.map((email) => email.toLowerCase()),
      sessionTtlDays: read.SESSION_TTL_DAYS,
    },
    mail: { provider: read.SMTP_URL === undefined ? undefined : new URL(read.SMTP_URL).hostname },
    limits: { readsPerMinute: read.RATE_LIMIT_READS, writesPerMinute: read.RATE_LIMIT_WRITES },
    storage: read.STORAGE_URL,
    log: { level: read.LOG_LEVEL },
    lifecycle: { drainDelayMs: read.DRAIN_DELAY_MS, gracePeriodMs: read.GRACE_PERIOD_MS },
  });
}
