import { randomUUID } from 'node:crypto';
import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { closeRedis, createRedis, type Redis } from '@taskflow/redis';
import {
  type CircuitGroup,
  type CircuitSettings,
  circuitGate,
  cleanCircuits,
  stepCircuits,
} from '@taskflow/resilience';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BreakerEvent } from './breaker-event.ts';
import { type BreakerStore, createBreakerStore } from './breaker-store.ts';
import { circuitEvent, scopeGate } from './local-breaker-store.ts';

const settings: CircuitSettings = {
  failureThreshold: 3,
  cooldownMs: 20_001,
  maxCooldownMs: 65_000,
  probeLeaseMs: 30_000,
};
const failure: BreakerEvent = { kind: 'failed', ageMs: 0, code: 'HTTP_503', isProbe: false, random: 0 };
const success: BreakerEvent = { kind: 'succeeded', ageMs: 0, count: 1, isProbe: false };
const three = [failure, failure, failure];

let redis: Redis;
let store: BreakerStore;
let scope: { type: string; scope: string };
let nowMs: number | undefined;

beforeAll(async () => {
  redis = createRedis({ url: await testRedisUrl(), name: 'test', onError: () => undefined });
  await vi.waitUntil(() => redis.status === 'ready');
});

beforeEach(() => {
  nowMs = undefined;
  scope = { type: 'webhook.deliver', scope: randomUUID() };
  store = createBreakerStore({ redis, namespace: randomUUID() });
});

afterAll(() => closeRedis(redis));

describe('the script in Redis', () => {
  const code = fc.constantFrom('A', 'B', 'C');
  const ageMs = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 70_000 }));
  const random = fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1_000);
  const event: fc.Arbitrary<BreakerEvent> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('failed'), ageMs, code, isProbe: fc.boolean(), random }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('succeeded'),
        ageMs,
        count: fc.integer({ min: 1, max: 4 }),
        isProbe: fc.boolean(),
      }),
    },
    fc.record({ kind: fc.constant('history'), ageMs, count: fc.integer({ min: 1, max: 9 }) }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('probe-taken') }) },
    fc.record({ kind: fc.constant('probe-returned') }),
    fc.record({ kind: fc.constant('reset'), code }),
    fc.record({ kind: fc.constant('mode'), code, mode: fc.constantFrom('auto', 'open', 'closed', 'observe') }),
    fc.record({ kind: fc.constant('time-passed') }),
  );
  const batch = fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 90_000 })),
    events: fc.array(event, { minLength: 1, maxLength: 5, size: 'max' }),
  });

  it('does what the pure function says, whatever happens', { timeout: 60_000 }, async () => {
    let run = 0;
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 40, size: 'max' }), async (batches) => {
        run += 1;
        let time = 1_763_740_000_123;
        const shared = createBreakerStore({ redis, namespace: `property-${run}`, now: () => time });
        let group: CircuitGroup = cleanCircuits;
        for (const { waitMs, events } of batches) {
          time += waitMs;
          const expected: unknown[] = [];
          let granted = false;
          for (const happened of events) {
            const step = stepCircuits(group, circuitEvent(happened, time), time, settings);
            group = step.group;
            expected.push(...step.transitions);
            granted ||= step.probeGranted;
          }
          const outcome = await shared.apply(scope, settings, events);
          const stored = (await shared.groups()).get(`${scope.type}@${scope.scope}`) ?? cleanCircuits;
          expect(stored).toEqual(group);
          expect(outcome.transitions).toEqual(expected);
          expect(outcome.probeGranted).toBe(granted);
          expect(outcome.isFailing).toBe(group.circuits.size > 0);
          const { circuits, ...gate } = outcome.gate ?? { circuits: [] };
          expect(gate).toEqual({ ...circuitGate(group) });
          expect(new Set(circuits)).toEqual(new Set(scopeGate(group)?.circuits));
          for (const { cause } of outcome.transitions) {
            seen.add(cause);
          }
        }
      }),
      { numRuns: 100 },
    );
    // a generator that never gets anywhere would prove nothing
    expect(seen.size).toBeGreaterThan(8);
  });

  it('grants one probe to twenty workers that ask at the same time', async () => {
    await store.apply(scope, { ...settings, cooldownMs: 1 }, three);
    await vi.waitUntil(async () => {
      const { nowMs: time, gates } = await store.overview();
      return time >= (gates.get(`${scope.type}@${scope.scope}`)?.probeAtMs ?? Infinity);
    });
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => store.apply(scope, settings, [{ kind: 'probe-taken' }])),
    );
    expect(asked.filter(({ probeGranted }) => probeGranted)).toHaveLength(1);
    expect(asked.flatMap(({ transitions }) => transitions)).toHaveLength(1);
  });

  it('reports each transition to one caller alone', async () => {
    const reports = await Promise.all(Array.from({ length: 10 }, () => store.apply(scope, settings, [failure])));
    expect(reports.flatMap(({ transitions }) => transitions)).toMatchObject([{ to: 'open' }]);
  });

  it('goes on after Redis has forgotten the scripts', async () => {
    await store.apply(scope, settings, [failure, failure]);
    await redis.script('FLUSH');
    const { gate } = await store.apply(scope, settings, [failure]);
    expect(gate?.code).toBe('HTTP_503');
    await redis.script('FLUSH');
    expect((await store.overview()).gates.size).toBe(1);
  });

  it('starts closed after Redis has forgotten everything, and learns again', async () => {
    await store.apply(scope, settings, three);
    await redis.flushdb();
    expect((await store.overview()).gates.size).toBe(0);
    expect((await store.apply(scope, settings, [failure, failure])).gate).toBeUndefined();
    expect((await store.apply(scope, settings, [failure])).gate).toBeDefined();
  });

  it('keeps nothing of a scope that is well again, and everything with an end', async () => {
    nowMs = 1_763_740_000_000;
    store = createBreakerStore({ redis, namespace: 'ends', now: () => nowMs ?? 0 });
    await store.apply(scope, settings, [failure]);
    const names = await redis.keys('ends:*');
    expect(names.toSorted()).toEqual([`ends:{breakers}:scope:${scope.type}@${scope.scope}`, 'ends:{breakers}:scopes']);
    expect(await redis.pttl(names.find((name) => name.includes('scope:')) ?? '')).toBeGreaterThan(60_000);
    await store.apply(scope, settings, [success]);
    nowMs += 61_000;
    await store.apply(scope, settings, [success]);
    expect(await redis.keys('ends:*')).toEqual([]);
  });

  it('drops gates of scopes whose time is up', async () => {
    nowMs = 1_763_740_000_000;
    store = createBreakerStore({ redis, namespace: 'drops', now: () => nowMs ?? 0 });
    await store.apply(scope, settings, three);
    expect((await store.overview()).gates.size).toBe(1);
    nowMs += 8 * 86_400_000;
    const { gates, failing } = await store.overview();
    expect([gates.size, failing.size]).toEqual([0, 0]);
  });

  it('tells what operators decided, until they leave it to the breaker again', async () => {
    await store.apply(scope, settings, [{ kind: 'mode', code: 'HTTP_503', mode: 'observe' }]);
    expect([...(await store.overview()).modes]).toEqual([[`${scope.type}@${scope.scope}:HTTP_503`, 'observe']]);
    await store.apply(scope, settings, [{ kind: 'mode', code: 'HTTP_503', mode: 'auto' }]);
    expect((await store.overview()).modes.size).toBe(0);
  });
});

describe('a turn', () => {
  it('is taken by one of many, who learns how long ago the last one was', async () => {
    const take = (now: number) => Promise.all(Array.from({ length: 10 }, () => store.takeTurn('release', 50, now)));
    expect((await take(10_000)).filter((elapsedMs) => elapsedMs !== undefined)).toEqual([1_000]);
    const next = await vi.waitUntil(() => store.takeTurn('release', 50, 10_400));
    expect(next).toBe(400);
  });
});
