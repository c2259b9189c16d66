import { type Database, sql } from '@taskflow/db';
import { type OwnServers, startOwnServers } from '@taskflow/local/embedded/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { breakerKey, scopeKey } from './breakers.ts';
import { type BreakerProcess, newScope, openProcess, openTestPool } from './testing/breaker-world.ts';

const patient = { timeout: 15_000 };

let servers: OwnServers;
let database: Database;
let worker: BreakerProcess;
let namespace = 0;

beforeAll(async () => {
  servers = await startOwnServers();
  database = openTestPool(servers.database.urls.app);
});

afterEach(async () => {
  await servers.redis.on();
  await worker.close();
});

afterAll(async () => {
  await database.close();
  await servers.remove();
});

async function start(): Promise<BreakerProcess> {
  namespace += 1;
  worker = openProcess({
    redisUrl: servers.redisUrl,
    database,
    namespace: `outage-${namespace}`,
    settings: { failureThreshold: 3, cooldownMs: 1 },
  });
  await vi.waitUntil(() => worker.redis.status === 'ready', patient);
  await worker.breakers.start();
  return worker;
}

function failThrice(scope: { type: string; scope: string }): void {
  for (let failure = 0; failure < 3; failure += 1) {
    worker.breakers.failed(scope, 'HTTP_503');
  }
}

it('keeps gates while Redis is away, opens its own, and goes back to what Redis says', async () => {
  const { breakers, log, store } = await start();
  const [before, meanwhile] = [newScope(), newScope()];
  failThrice(before);
  await vi.waitFor(async () => expect((await store.overview()).gates.size).toBe(1), patient);

  await servers.redis.off();
  await vi.waitFor(() => expect(breakers.mode).toBe('local'), patient);
  expect(breakers.gates().map((gate) => gate.scopeKey)).toEqual([scopeKey(before)]);
  failThrice(meanwhile);
  await vi.waitFor(() => expect(breakers.gateOf(meanwhile)).toBeDefined(), patient);
  // an attempt that began before does not close it
  breakers.succeeded(meanwhile);

  await servers.redis.on();
  await vi.waitFor(() => expect(breakers.mode).toBe('shared'), patient);
  await vi.waitFor(() => expect(breakers.gateOf(meanwhile)).toBeUndefined(), patient);
  expect(breakers.gateOf(before)).toBeDefined();
  failThrice(meanwhile);
  await vi.waitFor(async () => expect((await store.overview()).gates.size).toBe(2), patient);
  await log.flush();
  const rows = await database.query<{ change: string }>(sql`
    select from_state || ' > ' || to_state || ': ' || cause as change from breaker_events
    where key = ${breakerKey(meanwhile, 'HTTP_503')} order by id`);
  expect(rows.map(({ change }) => change)).toEqual([
    'closed > open: failures-in-a-row (one worker, without Redis)',
    'open > closed: redis-back (one worker, without Redis)',
    'closed > open: failures-in-a-row',
  ]);
});

it('loses no failure that it could not report', async () => {
  const { breakers } = await start();
  const scope = newScope();
  await servers.redis.off();
  failThrice(scope);
  await vi.waitFor(() => expect(breakers.gateOf(scope)).toBeDefined(), patient);
});

it('hears what operators decide while Redis is away', async () => {
  const { breakers } = await start();
  const scope = newScope();
  await servers.redis.off();
  await vi.waitFor(() => expect(breakers.mode).toBe('local'), patient);
  await database.query(sql`insert into breaker_modes (key, mode) values (${breakerKey(scope, 'HTTP_503')}, 'open')`);
  await vi.waitFor(() => expect(breakers.gateOf(scope)).toBeDefined(), patient);
  await database.query(sql`delete from breaker_modes`);
  await vi.waitFor(() => expect(breakers.gateOf(scope)).toBeUndefined(), patient);
});

it('begins alone when Redis is not there yet', async () => {
  await servers.redis.off();
  namespace += 1;
  worker = openProcess({ redisUrl: servers.redisUrl, database, namespace: `outage-${namespace}` });
  await worker.breakers.start();
  expect(worker.breakers.mode).toBe('local');
  await servers.redis.on();
  await vi.waitFor(() => expect(worker.breakers.mode).toBe('shared'), patient);
});
