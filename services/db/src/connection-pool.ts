import { performance } from 'node:perf_hooks';
import { Client } from 'pg';
import { Pool, TimeoutError } from 'tarn';
import { type ConnectionOptions, connectionSettings } from './connection-settings.ts';
import { tellApart } from './database-errors.ts';

/** A pg client in the pool; one that carries the mark is closed instead of handed out again. */
export interface PooledConnection extends Client {
  /** Why it is of no use any more; knex, when it runs migrations on this pool, sets the same mark. */
  __knex__disposed?: unknown;
}

/** Options of {@link createConnectionPool}. */
export interface ConnectionPoolOptions extends ConnectionOptions {
  readonly pool: {
    readonly max: number;
    /** The longest wait for a free connection. */
    readonly acquireTimeoutMs: number;
  };
}

/** Connections that are opened when needed and kept for a while, with numbers about them. */
export interface ConnectionPool {
  /** @throws DatabaseUnavailableError when none can be had, or none came free in time */
  acquire(): Promise<PooledConnection>;
  release(connection: PooledConnection): void;
  /** Takes the connection out of the pool: it is closed now and refused when next handed out. */
  discard(connection: PooledConnection, reason: unknown): void;
  /** Waits for those in use, at the latest until the signal aborts, then closes all. */
  close(signal?: AbortSignal): Promise<void>;
  numbers(): { readonly used: number; readonly free: number; readonly waiting: number };
  /** The pool as knex takes it. */
  readonly tarn: Pool<PooledConnection>;
}

/** A connection is replaced in the end, so that servers behind one address get their share of them. */
const lifetimeMs = { least: 30 * 60_000, jitter: 5 * 60_000 } as const;

function silence(): void {
  // every such error reaches the caller anyway
}

/**
 * Creates a pool on tarn, the pool of knex, but without knex itself: it is three hundred modules to load, and only
 * migrations need it.
 */
export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  const endsAtMs = new WeakMap<PooledConnection, number>();
  const connected = new Set<PooledConnection>();
  let closed = false;

  async function open(): Promise<PooledConnection> {
    const connection: PooledConnection = new Client(connectionSettings(options));
    connection.on('error', (error) => {
      connection.__knex__disposed ??= error;
    });
    connection.on('end', () => {
      connected.delete(connection);
      connection.__knex__disposed ??= 'Connection ended unexpectedly';
    });
    await connection.connect();
    connected.add(connection);
    endsAtMs.set(connection, performance.now() + lifetimeMs.least + Math.random() * lifetimeMs.jitter);
    return connection;
  }

  const tarn = new Pool<PooledConnection>({
    create: open,
    destroy: (connection) => connection.end(),
    validate: (connection) =>
      connection.__knex__disposed === undefined && performance.now() < (endsAtMs.get(connection) ?? 0),
    min: 0,
    max: options.pool.max,
    acquireTimeoutMillis: options.pool.acquireTimeoutMs,
    createTimeoutMillis: options.connectTimeoutMs * 2,
    destroyTimeoutMillis: 2_000,
    idleTimeoutMillis: 60_000,
    reapIntervalMillis: 5_000,
    propagateCreateError: true,
  });

  function discard(connection: PooledConnection, reason: unknown): void {
    connection.__knex__disposed ??= reason;
    void connection.end().catch(silence);
  }

  return {
    tarn,
    discard,
    async acquire() {
      if (closed) {
        throw tellApart(new Error('Unable to acquire a connection: the pool was closed'));
      }
      try {
        return await tarn.acquire().promise;
      } catch (error) {
        throw tellApart(
          error instanceof TimeoutError
            ? new Error('Unable to acquire a connection: none came free in time', { cause: error })
            : error,
        );
      }
    },
    release(connection) {
      tarn.release(connection);
    },
    async close(signal) {
      closed = true;
      // what still runs on them fails, and so gives them back
      const endAll = (): void => connected.forEach((connection) => discard(connection, signal?.reason));
      signal?.addEventListener('abort', endAll, { once: true });
      if (signal?.aborted === true) {
        endAll();
      }
      await tarn.destroy();
      signal?.removeEventListener('abort', endAll);
    },
    numbers: () => ({ used: tarn.numUsed(), free: tarn.numFree(), waiting: tarn.numPendingAcquires() }),
  };
}
