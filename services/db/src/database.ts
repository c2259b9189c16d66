import { performance } from 'node:perf_hooks';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { type ConnectionPool, createConnectionPool, type PooledConnection } from './connection-pool.ts';
import { isDatabaseUnavailable, tellApart } from './database-errors.ts';
import type { Executor, QueryOptions } from './executor.ts';
import { createStatementNamer } from './statement-name.ts';

/** One finished statement, for metrics, for logs and for tests that count. */
export interface QueryInfo {
  /** The name given to the statement, `undefined` when it has none. */
  readonly name: string | undefined;
  readonly text: string;
  /** From sending to the last row; without the wait for a connection. */
  readonly durationMs: number;
  readonly rowCount: number;
  readonly error: unknown;
}

/** What a pool needs to know. Every wait has an end. */
export interface DatabaseOptions {
  readonly url: string;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName: string;
  readonly pool: {
    readonly max: number;
    /** The longest wait for a free connection. */
    readonly acquireTimeoutMs: number;
  };
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** @default 30 s */
  readonly idleInTransactionTimeoutMs?: number;
  /** Server parameters of every connection. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Called after every statement, BEGIN and COMMIT included. Must not throw. */
  readonly onQuery?: (info: QueryInfo) => void;
}

/** Options of a transaction. */
export interface TransactionOptions {
  /** @default 'read committed' */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** @default false */
  readonly readOnly?: boolean;
}

/** Connections of the pool right now. */
export interface PoolStats {
  readonly used: number;
  readonly free: number;
  /** Callers waiting for a connection. */
  readonly waiting: number;
  readonly max: number;
}

/** The pool: runs statements by themselves or in a transaction. */
export interface Database extends Executor {
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it throws, and throws
   * when the commit did not happen. The transaction's statements must run one after another.
   */
  transaction<Result>(work: (tx: Executor) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  /** Resolves when PostgreSQL answers. @throws the connection's error or the signal's reason */
  ping(signal?: AbortSignal): Promise<void>;
  stats(): PoolStats;
  /** Waits for running statements, then closes every connection. When the signal aborts, they fail instead. */
  close(signal?: AbortSignal): Promise<void>;
  /** What lies underneath; migrations run on the same connections. */
  readonly pool: ConnectionPool;
}

function beginStatement(options: TransactionOptions | undefined): string {
  const isolation = options?.isolation ?? 'read committed';
  return `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}${options?.readOnly === true ? ' READ ONLY' : ''}`;
}

/**
 * Opens a pool on PostgreSQL; connects when first used. A statement never hangs: waiting for a
 * connection, connecting, running and lost networks all have deadlines. Broken connections are
 * discarded, so the pool works again as soon as PostgreSQL does.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = createConnectionPool({
    ...options,
    idleInTransactionTimeoutMs: options.idleInTransactionTimeoutMs ?? 30_000,
  });
  const statementName = createStatementNamer();

  async function send<Row extends QueryResultRow>(
    connection: PooledConnection,
    config: QueryConfig,
    name: string | undefined,
  ): Promise<QueryResult<Row>> {
    const startedAt = performance.now();
    const report = (rowCount: number, error?: unknown): void => {
      const durationMs = performance.now() - startedAt;
      options.onQuery?.({ name, text: config.text, durationMs, rowCount, error });
    };
    try {
      const result = await connection.query<Row>(config);
      report(result.rows.length);
      return result;
    } catch (error) {
      if (isDatabaseUnavailable(error)) {
        pool.discard(connection, error);
      }
      report(0, error);
      throw tellApart(error);
    }
  }

  async function run<Row extends QueryResultRow>(
    connection: PooledConnection,
    statement: Sql,
    queryOptions: QueryOptions | undefined,
  ): Promise<Row[]> {
    const text = statement.text;
    const name = queryOptions?.name;
    const config: QueryConfig =
      name === undefined
        ? { text, values: statement.values }
        : { name: statementName(name, text), text, values: statement.values };
    const result = await send<Row>(connection, config, name);
    return result.rows;
  }

  async function query<Row extends QueryResultRow>(statement: Sql, queryOptions?: QueryOptions): Promise<Row[]> {
    const connection = await pool.acquire();
    try {
      return await run<Row>(connection, statement, queryOptions);
    } finally {
      pool.release(connection);
    }
  }

  /** Not knex's transactions: those run the work even when BEGIN failed, and take an aborted COMMIT for success. */
  async function transaction<Result>(
    work: (tx: Executor) => Promise<Result>,
    transactionOptions?: TransactionOptions,
  ): Promise<Result> {
    const connection = await pool.acquire();
    try {
      await send(connection, { text: beginStatement(transactionOptions) }, 'begin');
      const result = await work({
        query: (statement, queryOptions) => run(connection, statement, queryOptions),
      });
      const { command } = await send(connection, { text: 'COMMIT' }, 'commit');
      if (command !== 'COMMIT') {
        throw new Error('the transaction was rolled back: one of its statements had failed');
      }
      return result;
    } catch (error) {
      await send(connection, { text: 'ROLLBACK' }, 'rollback').catch((reason: unknown) => {
        pool.discard(connection, reason);
      });
      throw error;
    } finally {
      pool.release(connection);
    }
  }

  return {
    pool,
    query,
    transaction,
    async ping(signal) {
      signal?.throwIfAborted();
      const answered = query(sql`SELECT 1`);
      if (signal === undefined) {
        await answered;
        return;
      }
      const { promise: aborted, reject } = Promise.withResolvers<never>();
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        await Promise.race([answered, aborted]);
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    stats: () => ({ ...pool.numbers(), max: options.pool.max }),
    close: (signal) => pool.close(signal),
  };
}
