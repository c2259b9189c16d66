import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { ApiConfig } from '@taskflow/config';
import { createDatabase, poolMetrics, readSchemaVersion, requiredSchemaVersion, statementMetrics } from '@taskflow/db';
import { closeRedis, createRedis, createWakeUpChannel } from '@taskflow/redis';
import { createLifecycle, type Lifecycle, type LifecyclePart } from '@taskflow/resilience';
import { createMetrics, type Logger, type ManagementServer, startManagementServer } from '@taskflow/telemetry';
import { type Api, createApi } from './api.ts';
import { httpServerPart } from './http-server.ts';

/** An api process, ready to be started. */
export interface ApiProcess {
  readonly lifecycle: Lifecycle;
  /** The ports that it listens on, once started. */
  readonly ports: { http: number; management: number };
}

/** How long to wait for PostgreSQL before a request is refused. */
const waits = { acquireTimeoutMs: 3_000, connectTimeoutMs: 2_000 } as const;

/**
 * Puts an api process together: probes first, then what it depends on, then the server, then live events; it stops the
 * other way round, so that streams end before the server closes and the pool closes when nothing needs it any more.
 */
export function createApiProcess(options: { config: ApiConfig; log: Logger; version: string }): ApiProcess {
  const { config, log, version } = options;
  const metrics = createMetrics();
  const onRedisError = (error: Error) => log.warn({ err: error }, 'redis');
  const database = createDatabase({
    url: config.database.url,
    applicationName: 'taskflow-api',
    pool: { max: config.database.poolMax, acquireTimeoutMs: waits.acquireTimeoutMs },
    statementTimeoutMs: config.database.statementTimeoutMs,
    connectTimeoutMs: waits.connectTimeoutMs,
    onQuery: statementMetrics(metrics),
  });
  poolMetrics(metrics, database);
  const redis = createRedis({ url: config.redis.url, name: 'taskflow-api', onError: onRedisError });
  const wakeUps = createWakeUpChannel({
    url: config.redis.url,
    name: 'taskflow-api-wake-ups',
    publisher: redis,
    onError: onRedisError,
  });
  const now = () => performance.now();
  const api: Api = createApi({
    config,
    version,
    log,
    metrics,
    database,
    redis,
    wakeUps,
    newRequestId: randomUUID,
    now,
    random: Math.random,
  });
  const ports = { http: config.http.port, management: config.management.port };
  const parts: LifecyclePart[] = [
    managementPart(),
    {
      name: 'postgres',
      isWaitable: () => true,
      async start() {
        const schema = await readSchemaVersion(database);
        if (schema < requiredSchemaVersion) {
          throw new Error(`the schema has version ${schema}, this release needs ${requiredSchemaVersion}: run migrate`);
        }
      },
      check: (signal) => database.ping(signal),
      stop: (signal) => database.close(signal),
    },
    {
      name: 'redis',
      async stop() {
        await wakeUps.close();
        await closeRedis(redis);
      },
    },
    { name: 'domain', stop: () => api.close() },
    httpServerPart({
      ...config.http,
      handler: api.handler,
      onListening(port) {
        ports.http = port;
        log.info({ port }, 'listening');
      },
    }),
    { name: 'live events', stop: () => api.closeLiveEvents() },
  ];
  const lifecycle = createLifecycle(parts, { log, ...config.lifecycle });
  return { lifecycle, ports };

  function managementPart(): LifecyclePart {
    let server: ManagementServer | undefined;
    return {
      name: 'management',
      async start() {
        const { registry } = metrics;
        server = await startManagementServer({
          ...config.management,
          registry,
          readiness: () => lifecycle.readiness(),
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
