import type { Knex } from 'knex';
import type { Client } from 'pg';

/** A pg client as knex pools it; one that carries the mark is destroyed instead of handed out again. */
export interface PooledConnection extends Client {
  __knex__disposed?: unknown;
}

/** What lies under knex: connections, and numbers about them. */
export interface ConnectionPool {
  acquireConnection(): Promise<PooledConnection>;
  releaseConnection(connection: PooledConnection): Promise<void>;
  /** tarn's pool; gone once it was destroyed. */
  readonly pool:
    | {
        numUsed(): number;
        numFree(): number;
        numPendingAcquires(): number;
      }
    | undefined;
}

function isConnectionPool(client: unknown): client is ConnectionPool {
  return (
    typeof client === 'object' &&
    client !== null &&
    'acquireConnection' in client &&
    'releaseConnection' in client &&
    'pool' in client
  );
}

/**
 * The pool of a knex instance, which knex does not type.
 *
 * @throws TypeError when knex has none
 */
export function connectionPoolOf(knex: Knex): ConnectionPool {
  const client: unknown = knex.client;
  if (!isConnectionPool(client)) {
    throw new TypeError('this knex instance has no connection pool');
  }
  return client;
}
