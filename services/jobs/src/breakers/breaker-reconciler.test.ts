import { randomUUID } from 'node:crypto';
import { type Database, sql } from '@taskflow/db';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BreakerControl, createBreakerControl } from './breaker-control.ts';
import type { BreakerEvent } from './breaker-event.ts';
import { createBreakerReconciler } from './breaker-reconciler.ts';
import { circuitSettings } from './breaker-settings.ts';
import { type BreakerScope, breakerKey, scopeKey } from './breakers.ts';
import { type BreakerProcess, newScope, openProcess, openTestPool } from './testing/breaker-world.ts';

const settings = { failureThreshold: 3, cooldownMs: 1, probeLeaseMs: 60_000 };
const patient = { timeout: 10_000 };
const failure: BreakerEvent = { kind: 'failed', ageMs: 0, code: 'HTTP_503', isProbe: false, random: 0 };

let testDatabase: TestDatabase;
let database: Database;
let redisUrl: string;
let worker: BreakerProcess;
let control: BreakerControl;
let scope: BreakerScope;
let released: number;
let lastId = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openTestPool(testDatabase.urls.app);
  redisUrl = await testRedisUrl();
});

beforeEach(async () => {
  worker = openProcess({ redisUrl, database, namespace: randomUUID(), settings });
  await vi.waitUntil(() => worker.redis.status === 'ready', patient);
  control = createBreakerControl({
    store: worker.store,
    executor: database,
    log: worker.log,
    settings: () => settings,
  });
  scope = newScope();
  released = 0;
  await database.query(sql`delete from jobs`);
  await database.query(sql`delete from breaker_modes`);
  await database.query(sql`delete from breaker_events`);
});

afterEach(() => worker.close());

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const steps = (more: { releasePerSecond?: number; store?: BreakerProcess['store'] } = {}) =>
  createBreakerReconciler({
    store: worker.store,
    log: worker.log,
    settings: () => settings,
    onReleased: (count) => {
      released += count;
    },
    ...more,
  });

/** One tick of the reconciler, as the engine makes it. */
async function tick(more: Parameters<typeof steps>[0] = {}): Promise<void> {
  for (const step of steps(more)) {
    await database.transaction((tx) => step.run(tx));
  }
  await worker.log.flush();
}

interface Row {
  state: string;
  reason?: string;
  tries?: number;
  startedAt?: Date;
  isProbe?: boolean;
  expiresAt?: Date;
  of?: BreakerScope;
}

/** Inserts a job; later ones have later ids. */
async function job(row: Row): Promise<string> {
  const { state, reason = null, tries = 0, startedAt = null, isProbe = false, expiresAt = null, of = scope } = row;
  lastId += 1;
  const id = `01900000-0000-7000-8000-${String(lastId).padStart(12, '0')}`;
  await database.query(sql`
    insert into jobs (id, type, priority, scope, payload, state, reason, breaker_key, tries, started_at, is_probe, expires_at)
    values (${id}, ${of.type}, 'default', ${of.scope}, '{}', ${state}::job_state, ${reason}::quarantine_reason,
      ${reason === null ? null : breakerKey(of, 'HTTP_503')}, ${tries}, ${startedAt}, ${isProbe}, ${expiresAt})`);
  return id;
}

const held = (of = scope) => job({ state: 'quarantined', reason: 'breaker', of });

async function jobs(): Promise<Record<string, string>> {
  const rows = await database.query<{ id: string; is: string }>(sql`
    select id, concat_ws(' ', state, reason, breaker_key is not null, tries, case when is_probe then 'probe' end) as is
    from jobs order by id`);
  return Object.fromEntries(rows.map(({ id, is }) => [id, is]));
}

const apply = (...events: BreakerEvent[]) => worker.store.apply(scope, circuitSettings(settings), events);

/** Opens the breaker of the scope and lets its cooldown pass. */
async function openAndWait(): Promise<void> {
  await apply(failure, failure, failure);
  await vi.waitUntil(async () => {
    const { gates, nowMs } = await worker.store.overview();
    return (gates.get(scopeKey(scope))?.probeAtMs ?? Infinity) <= nowMs;
  }, patient);
}

describe('probes', () => {
  it('are the oldest job that waits, and one of them', async () => {
    const [oldest, next] = [await held(), await held()];
    await openAndWait();
    await Promise.all(Array.from({ length: 20 }, () => tick()));
    expect(await jobs()).toEqual({ [oldest]: 'pending f 0 probe', [next]: 'quarantined breaker t 0' });
    expect(released).toBe(1);
    expect((await worker.store.overview()).gates.get(scopeKey(scope))?.leaseEndsAtMs).toBeDefined();
  });

  it('wait for the cooldown', async () => {
    const waiting = await held();
    await worker.store.apply(scope, circuitSettings({ ...settings, cooldownMs: 60_000 }), [failure, failure, failure]);
    await tick();
    expect(await jobs()).toEqual({ [waiting]: 'quarantined breaker t 0' });
  });

  it('are not taken while there is no job, so that the first one that comes is the probe', async () => {
    await openAndWait();
    await tick();
    expect((await worker.store.overview()).gates.get(scopeKey(scope))?.leaseEndsAtMs).toBeUndefined();
    const first = await held();
    await tick();
    expect(await jobs()).toEqual({ [first]: 'pending f 0 probe' });
  });

  it('are one at a time, also when the lease of one has run out', async () => {
    const queued = await job({ state: 'queued', isProbe: true });
    const waiting = await held();
    await openAndWait();
    await tick();
    expect(await jobs()).toEqual({ [queued]: 'queued f 0 probe', [waiting]: 'quarantined breaker t 0' });
  });

  it('are sent again when the worker of one has died', async () => {
    const [first, second] = [await held(), await held()];
    await openAndWait();
    await apply({ kind: 'probe-taken' });
    await tick();
    expect(await jobs()).toEqual({ [first]: 'quarantined breaker t 0', [second]: 'quarantined breaker t 0' });
    await apply({ kind: 'probe-returned' });
    await tick();
    expect(await jobs()).toMatchObject({ [first]: 'pending f 0 probe' });
  });

  it('are not jobs whose time is over', async () => {
    await job({ state: 'quarantined', reason: 'breaker', expiresAt: new Date(0) });
    const fresh = await held();
    await openAndWait();
    await tick();
    expect(await jobs()).toMatchObject({ [fresh]: 'pending f 0 probe' });
  });

  it('hand their turn back when the job was taken away meanwhile', async () => {
    const taken = await held();
    await openAndWait();
    const store = {
      ...worker.store,
      apply: async (...asked: Parameters<typeof worker.store.apply>) => {
        await database.query(sql`delete from jobs where id = ${taken}`);
        return worker.store.apply(...asked);
      },
    };
    await tick({ store });
    const gate = (await worker.store.overview()).gates.get(scopeKey(scope));
    expect(gate?.leaseEndsAtMs).toBeUndefined();
    expect(gate?.probeAtMs).toBeDefined();
  });
});

describe('release', () => {
  it('lets go of what is no longer gated, oldest first, at most so many of a scope at a time', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(await held());
    }
    await tick({ releasePerSecond: 2 });
    expect(Object.values(await jobs())).toEqual([
      'pending f 0',
      'pending f 0',
      'quarantined breaker t 0',
      'quarantined breaker t 0',
      'quarantined breaker t 0',
    ]);
    const tooEarly = { ...worker.store, takeTurn: () => Promise.resolve(undefined) };
    await tick({ releasePerSecond: 2, store: tooEarly });
    expect(released).toBe(2);
    await vi.waitFor(async () => {
      await tick({ releasePerSecond: 2 });
      expect(Object.values(await jobs())).toEqual(ids.map(() => 'pending f 0'));
    }, patient);
    expect(released).toBe(5);
  });

  it('keeps jobs of scopes that are gated, whatever becomes of others', async () => {
    const others = Array.from({ length: 30 }, newScope);
    for (const other of others) {
      await held(other);
    }
    const waiting = await held();
    await worker.store.apply(scope, circuitSettings({ ...settings, cooldownMs: 60_000 }), [failure, failure, failure]);
    await tick();
    expect(released).toBe(30);
    expect(await jobs()).toMatchObject({ [waiting]: 'quarantined breaker t 0' });
  });

  it('gives all tries back to jobs that the same outage exhausted, once it is over', async () => {
    const before = await job({ state: 'quarantined', reason: 'exhausted', tries: 3, startedAt: new Date(0) });
    const during = await job({ state: 'quarantined', reason: 'exhausted', tries: 3, startedAt: new Date() });
    await openAndWait();
    await apply({ kind: 'probe-taken' });
    await tick();
    expect(await jobs()).toEqual({
      [before]: 'quarantined exhausted t 3',
      [during]: 'quarantined breaker t 3',
    });
    await apply({ kind: 'succeeded', ageMs: 0, count: 1, isProbe: true });
    await vi.waitFor(async () => {
      await tick();
      expect(await jobs()).toEqual({ [before]: 'quarantined exhausted t 3', [during]: 'pending f 0' });
    }, patient);
  });

  it('also those whose last attempt was still under way when it ended', async () => {
    await openAndWait();
    const { transitions } = await apply({ kind: 'succeeded', ageMs: 0, count: 1, isProbe: true });
    worker.log.record(transitions.map((transition) => ({ ...transition, scope })));
    await worker.log.flush();
    const late = await job({
      state: 'quarantined',
      reason: 'exhausted',
      tries: 3,
      startedAt: new Date(Date.now() - 10_000),
    });
    const own = await job({
      state: 'quarantined',
      reason: 'exhausted',
      tries: 3,
      startedAt: new Date(Date.now() + 10_000),
    });
    await tick();
    expect(await jobs()).toEqual({ [late]: 'pending f 0', [own]: 'quarantined exhausted t 3' });
  });

  it('leaves what was quarantined for other reasons', async () => {
    await job({ state: 'quarantined', reason: 'exhausted', startedAt: new Date() });
    await job({ state: 'quarantined', reason: 'poison' });
    await job({ state: 'quarantined', reason: 'payload_invalid' });
    await tick();
    expect(released).toBe(0);
  });

  it('follows an operator who resets a breaker, or forces it closed', async () => {
    await held();
    await openAndWait();
    await apply({ kind: 'probe-taken' });
    const actorId = await addUser();
    expect(await control.reset(breakerKey(scope, 'HTTP_503'), actorId)).toBe(true);
    await tick();
    expect(released).toBe(1);

    scope = newScope();
    await held();
    await openAndWait();
    await apply({ kind: 'probe-taken' });
    await control.setMode(breakerKey(scope, 'HTTP_503'), 'closed', actorId);
    await vi.waitFor(async () => {
      await tick();
      expect(released).toBe(2);
    }, patient);
  });

  it('starts again from nothing when Redis has forgotten', async () => {
    const waiting = await held();
    await openAndWait();
    await worker.redis.flushdb();
    await tick();
    expect(await jobs()).toEqual({ [waiting]: 'pending f 0' });
  });
});

async function addUser(): Promise<string> {
  const id = randomUUID();
  await database.query(sql`insert into users (id, email, name) values (${id}, ${`${id}@example.com`}, 'Olga')`);
  return id;
}

describe('modes', () => {
  it('are told to a Redis that has forgotten them, before anything is released', async () => {
    const actorId = await addUser();
    const key = breakerKey(scope, 'HTTP_503');
    await control.setMode(key, 'open', actorId);
    const waiting = await held();
    await worker.redis.flushdb();
    await tick();
    expect(await jobs()).toEqual({ [waiting]: 'quarantined breaker t 0' });
    expect((await worker.store.overview()).modes.get(key)).toBe('open');
  });

  it('that were left to the breaker while Redis was away are left to it', async () => {
    const key = breakerKey(scope, 'HTTP_503');
    await control.setMode(key, 'open', await addUser());
    await database.query(sql`delete from breaker_modes where key = ${key}`);
    await tick();
    expect((await worker.store.overview()).gates.size).toBe(0);
  });
});

describe('while Redis is away', () => {
  it('nothing is probed or released', async () => {
    const waiting = await held();
    const store = { ...worker.store, overview: () => Promise.reject(new Error('away')) };
    await tick({ store });
    expect(await jobs()).toEqual({ [waiting]: 'quarantined breaker t 0' });
  });
});

describe('what people see', () => {
  it('is every breaker with its state, its failures and its countdown', async () => {
    await held();
    await held();
    await worker.store.apply(scope, circuitSettings({ ...settings, cooldownMs: 60_000 }), [failure, failure, failure]);
    const quiet = newScope();
    await worker.store.apply(quiet, circuitSettings(settings), [{ ...failure, code: 'TIMEOUT' }]);
    const list = await control.listBreakers();
    expect(list).toMatchObject([
      {
        key: breakerKey(scope, 'HTTP_503'),
        ...scope,
        errorCode: 'HTTP_503',
        state: 'open',
        mode: 'auto',
        failuresInWindow: 3,
        runsInWindow: 3,
        cooldownMs: 60_000,
        quarantined: 2,
      },
      { key: breakerKey(quiet, 'TIMEOUT'), state: 'closed', consecutiveFailures: 1, quarantined: 0 },
    ]);
    expect(list[0]?.probeInMs).toBeGreaterThan(50_000);
    expect(list[0]?.openedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await control.listBreakers(quiet)).toHaveLength(1);
    expect(await control.listBreakers(newScope())).toEqual([]);
  });

  it('is who decided what, and everything that happened', async () => {
    const actorId = await addUser();
    const key = breakerKey(scope, 'HTTP_503');
    expect(await control.reset(key, actorId)).toBe(false);
    await control.setMode(key, 'open', actorId);
    expect(await control.listBreakers(scope)).toMatchObject([
      { state: 'open', mode: 'open', modeSetBy: actorId, probeInMs: undefined },
    ]);
    await control.setMode(key, 'auto', actorId);
    await worker.log.flush();
    const history = await control.breakerHistory(key, { limit: 10 });
    expect(history).toMatchObject([
      { from: 'open', to: 'closed', cause: 'mode-auto', actorId },
      { from: 'closed', to: 'open', cause: 'mode-open', actorId },
    ]);
    const older = await control.breakerHistory(key, { limit: 10, before: history[0]?.id ?? '' });
    expect(older).toEqual(history.slice(1));
    expect(await control.setMode('nonsense', 'open', actorId)).toBe(false);
  });
});
