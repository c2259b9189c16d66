import { type ClientConfig, type CustomTypesConfig, types } from 'pg';

const int8Oid = 20;

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`bigint ${text} does not fit a number exactly`);
  }
  return value;
}

/** How column values become JavaScript values: pg's defaults, but `bigint` is an exact number. */
const columnTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: string): unknown {
    if (format === 'binary') {
      return types.getTypeParser(oid, 'binary');
    }
    return oid === int8Oid ? parseInt8 : types.getTypeParser(oid, 'text');
  },
};

/** What a connection needs to know; all waits have an end. */
export interface ConnectionOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  /** Server parameters of every connection, as in `{ enable_seqscan: 'off' }`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Settings of one pg connection. The client's own deadline is half as long again as the
 * server's: it only strikes when the network swallows the answer.
 */
export function connectionSettings(options: ConnectionOptions): ClientConfig {
  const parameters = { TimeZone: 'UTC', jit: 'off', max_parallel_workers_per_gather: '0', ...options.parameters };
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs * 1.5,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: Object.entries(parameters)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: columnTypes,
  };
}
