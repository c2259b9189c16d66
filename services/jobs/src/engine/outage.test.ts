import { sql } from '@taskflow/db';
import { type OwnServers, startOwnServers } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createEngineWorld, type EngineWorld, testHandler, testType } from '../testing/engine-world.ts';

let servers: OwnServers;
let world: EngineWorld;

beforeAll(async () => {
  servers = await startOwnServers();
  world = await createEngineWorld(servers.database);
});

afterAll(async () => {
  await world.clear();
  await world.close();
  await servers.remove();
});

it('goes on when PostgreSQL is back, and every job takes effect exactly once', async () => {
  const type = testType('test.outage');
  const { engine, events } = await world.start(
    [
      testHandler(type, async ({ n }, job) => {
        await world.database.transaction(async (tx) => {
          await tx.query(
            sql`insert into breaker_events (key, from_state, to_state, cause) values (${String(n)}, '', '', '')`,
          );
          await job.completeIn(tx);
        });
        return undefined;
      }),
    ],
    // what ran when the server went down may have to wait for its lease
    { settings: { concurrency: 10, maxAttempts: 10, retryDelayMs: 50, leaseMs: 2_000, staleAfterMs: 1_000 } },
  );
  await world.accept(type, 1_000);
  await vi.waitFor(() => expect(events.filter(({ kind }) => kind === 'ended').length).toBeGreaterThan(50), {
    timeout: 10_000,
    interval: 2,
  });
  await servers.postgres.off();
  await servers.postgres.on();
  await vi.waitFor(
    async () => {
      const rows = await world.database.query<{ state: string }>(sql`select distinct state from jobs`);
      expect(rows).toEqual([{ state: 'succeeded' }]);
    },
    { timeout: 20_000, interval: 100 },
  );
  const [effects] = await world.database.query<{ all: number; keys: number }>(
    sql`select count(*)::int as "all", count(distinct key)::int as keys from breaker_events`,
  );
  expect(effects).toEqual({ all: 1_000, keys: 1_000 });
  expect(events.some(({ kind }) => kind === 'fault')).toBe(true);
  await expect(engine.check()).resolves.toBeUndefined();
}, 60_000);
