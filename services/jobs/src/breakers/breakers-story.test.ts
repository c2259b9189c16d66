import { randomUUID } from 'node:crypto';
import { sql } from '@taskflow/db';
import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { JobFailure } from '../job-failure.ts';
import { createEngineWorld, type EngineWorld, testHandler, testType } from '../testing/engine-world.ts';
import { createBreakerReconciler } from './breaker-reconciler.ts';
import { type BreakerProcess, openProcess } from './testing/breaker-world.ts';

const patient = { timeout: 30_000, interval: 50 };
const settings = { failureThreshold: 5, cooldownMs: 150 };

let world: EngineWorld;
let redisUrl: string;
const open: BreakerProcess[] = [];

beforeAll(async () => {
  world = await createEngineWorld();
  redisUrl = await testRedisUrl();
});

afterEach(async () => {
  await world.clear();
  await Promise.all(open.splice(0).map((worker) => worker.close()));
});

afterAll(() => world.close());

/** Two endpoints: even numbers go to one that is down until told otherwise, odd ones to one that is well. */
function createEndpoints() {
  const calls: { n: number; ok: boolean }[] = [];
  let isUp = false;
  return {
    calls,
    comeBack: () => {
      isUp = true;
    },
    async deliver(n: number): Promise<undefined> {
      await new Promise(setImmediate);
      const ok = isUp || n % 2 === 1;
      calls.push({ n, ok });
      if (!ok) {
        throw new JobFailure('HTTP_503', 'the endpoint answered 503');
      }
    },
  };
}

const type = testType('webhook.deliver', { scope: ({ n }) => (n % 2 === 0 ? 'down' : 'well') });

/** Two workers with the breakers that they share. */
async function startWorkers(endpoints: ReturnType<typeof createEndpoints>): Promise<BreakerProcess> {
  const namespace = randomUUID();
  for (let worker = 0; worker < 2; worker += 1) {
    const { database } = world;
    const connected = openProcess({ redisUrl, database, namespace, settings });
    open.push(connected);
    await vi.waitUntil(() => connected.redis.status === 'ready', patient);
    await connected.breakers.start();
    const { store, log, breakers } = connected;
    const running = await world.start([testHandler(type, ({ n }) => endpoints.deliver(n))], {
      breakers,
      settings: { concurrency: 2, maxAttempts: 3, retryDelayMs: 10, pollIntervalMs: 50, reconcileIntervalMs: 50 },
      reconcileSteps: createBreakerReconciler({
        store,
        log,
        settings: () => settings,
        onReleased: () => running.engine.wake(),
      }),
    });
  }
  const [first] = open;
  if (first === undefined) {
    throw new Error('no worker was started');
  }
  return first;
}

async function countByState(): Promise<Record<string, number>> {
  const rows = await world.database.query<{ state: string; count: number }>(sql`
    select concat_ws(' ', state, reason) as state, count(*)::int as count from jobs group by 1 order by 1`);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

async function causes(): Promise<string[]> {
  const rows = await world.database.query<{ cause: string }>(sql`
    select cause from breaker_events where key = 'webhook.deliver@down:HTTP_503' order by id`);
  return rows.map(({ cause }) => cause);
}

it('an endpoint that is down stops nobody else, is probed alone, and gets everything when it is back', async () => {
  const endpoints = createEndpoints();
  const { log } = await startWorkers(endpoints);
  await world.accept(type, 120);

  await vi.waitFor(async () => {
    expect(await countByState()).toEqual({ 'quarantined breaker': 60, succeeded: 60 });
    expect((await causes()).filter((cause) => cause === 'probe-failed').length).toBeGreaterThan(1);
  }, patient);
  const failed = endpoints.calls.filter(({ ok }) => !ok).length;
  // five that opened it, as many as ran at the same time, and the probes
  const probes = (await causes()).filter((cause) => cause === 'probe-sent').length;
  expect(failed).toBeLessThanOrEqual(5 + 4 + probes);

  endpoints.comeBack();
  await vi.waitFor(async () => expect(await countByState()).toEqual({ succeeded: 120 }), patient);
  await log.flush();
  const delivered = endpoints.calls.filter(({ ok }) => ok).map(({ n }) => n);
  expect(delivered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, n) => n));

  const told = await causes();
  expect(told[0]).toBe('failures-in-a-row');
  expect(told.at(-1)).toBe('probe-succeeded');
  const cooldowns = await world.database.query<{ ms: number }>(sql`
    select cooldown_ms as ms from breaker_events where cause in ('failures-in-a-row', 'probe-failed') order by id`);
  expect(cooldowns.slice(0, 3).map(({ ms }) => ms)).toEqual([150, 300, 600]);
});
