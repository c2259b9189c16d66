import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { createDatabase, type Database } from '@taskflow/db';
import { createLiveSource, createUnitOfWorkRunner, type UnitOfWorkRunner } from '@taskflow/domain';
import { createRedis, createWakeUpChannel, type WakeUpChannel } from '@taskflow/redis';
import { createLogger, createMetrics, type Metrics } from '@taskflow/telemetry';
import { createLiveHub, type LiveHub } from '../live-hub.ts';
import { openStream } from '../live-stream.ts';
import type { LiveHubSettings } from '../settings.ts';
import type { Person } from './world.ts';

/** What stands for an API process: its own pool, Redis connections, hub and HTTP server. */
export interface LiveProcess {
  readonly hub: LiveHub;
  readonly units: UnitOfWorkRunner;
  readonly wakeUps: WakeUpChannel;
  readonly metrics: Metrics;
  readonly database: Database;
  /** Address of a person's stream. */
  address(person: Person, resumeAfter?: number): string;
  close(): Promise<void>;
}

/** Starts one. People are named by their id in the path: signing in is not what is tested here. */
export async function startLiveProcess(options: {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly settings?: Partial<LiveHubSettings>;
}): Promise<LiveProcess> {
  const database = createDatabase({
    url: options.databaseUrl,
    applicationName: 'live-test',
    pool: { max: 4, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 2_000,
  });
  const ignore = (): void => undefined;
  const redis = createRedis({ url: options.redisUrl, name: 'live-test', onError: ignore });
  const wakeUps = createWakeUpChannel({ url: options.redisUrl, name: 'live-test', publisher: redis, onError: ignore });
  const metrics = createMetrics();
  const hub = createLiveHub({
    source: createLiveSource({ executor: database }),
    wakeUps,
    metrics,
    log: createLogger({ service: 'test', level: 'silent' }),
    now: () => performance.now(),
    random: Math.random,
    settings: options.settings ?? {},
  });
  const units = createUnitOfWorkRunner({ database, onCommitted: hub.wake });
  const people = new Map<string, Person>();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://live.test');
    const person = people.get(url.pathname.slice(1));
    const after = url.searchParams.get('after');
    try {
      if (person === undefined) {
        throw new Error('nobody');
      }
      const resumeAfter = after === null ? undefined : Number(after);
      hub.connect({ access: person.access, resumeAfter, open: () => openStream(response) });
    } catch (error) {
      response.writeHead(503).end(error instanceof Error ? error.message : 'failed');
    }
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;

  return {
    hub,
    units,
    wakeUps,
    metrics,
    database,
    address(person, resumeAfter) {
      people.set(person.userId, person);
      return `http://127.0.0.1:${port}/${person.userId}${resumeAfter === undefined ? '' : `?after=${resumeAfter}`}`;
    },
    async close() {
      await hub.close();
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      server.closeAllConnections();
      await closed;
      await wakeUps.close();
      redis.disconnect();
      await database.close();
    },
  };
}
