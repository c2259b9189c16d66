import { randomUUID } from 'node:crypto';
import { sql } from '@taskflow/db';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { JobFailure } from '../job-failure.ts';
import {
  createEngineWorld,
  createLatch,
  type EngineWorld,
  patience,
  testHandler,
  testType,
} from '../testing/engine-world.ts';
import { createDirectTransport } from '../transport/direct-transport.ts';
import type { JobTransport } from '../transport/transport.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const ascending = (left: number, right: number): number => left - right;

describe('an engine', () => {
  it('runs every accepted job once', async () => {
    const type = testType('test.once');
    const runs: number[] = [];
    await world.start([
      testHandler(type, ({ n }) => {
        runs.push(n);
        return Promise.resolve(undefined);
      }),
    ]);
    await world.accept(type, 500);
    const rows = await world.settled();
    expect(runs.toSorted(ascending)).toEqual(numbers(500));
    expect(new Set(rows.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  it('shares the jobs of one database with another engine, each run once', async () => {
    const type = testType('test.shared');
    const runs: number[] = [];
    const handler = testHandler(type, async ({ n }) => {
      runs.push(n);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return undefined;
    });
    await world.start([handler]);
    await world.start([handler]);
    await world.accept(type, 600);
    const rows = await world.settled();
    expect(runs.toSorted(ascending)).toEqual(numbers(600));
    expect(new Set(rows.map(({ worker }) => worker)).size).toBe(2);
  });

  it('runs a job once that is delivered twice', async () => {
    const type = testType('test.duplicate');
    const runs: number[] = [];
    const direct = createDirectTransport();
    const doubling: JobTransport = { ...direct, push: (deliveries) => direct.push([...deliveries, ...deliveries]) };
    await world.start(
      [
        testHandler(type, ({ n }) => {
          runs.push(n);
          return Promise.resolve(undefined);
        }),
      ],
      { transports: [doubling] },
    );
    await world.accept(type, 200);
    await world.settled();
    expect(runs.toSorted(ascending)).toEqual(numbers(200));
  });

  it('keeps what the handler answers', async () => {
    const type = testType('test.result');
    await world.start([testHandler(type, () => Promise.resolve({ sent: 3 }))]);
    const [id = ''] = await world.accept(type, 1);
    expect(await world.until(id, 'succeeded')).toMatchObject({ result: { sent: 3 } });
  });

  it('keeps the effect of a handler that completes in its transaction exactly once, or not at all', async () => {
    const type = testType('test.effect');
    let isBroken = true;
    await world.start([
      testHandler(type, async ({ n }, job) => {
        await world.database.transaction(async (tx) => {
          await tx.query(
            sql`insert into breaker_events (key, from_state, to_state, cause) values (${String(n)}, '', '', '')`,
          );
          await job.completeIn(tx, { n });
          if (isBroken && n % 2 === 0) {
            throw new Error('after all that');
          }
        });
        return undefined;
      }),
    ]);
    await world.accept(type, 20);
    await vi.waitFor(async () => {
      const rows = await world.rows();
      expect(rows.filter(({ state }) => state === 'succeeded')).toHaveLength(10);
      expect(rows.filter(({ attempt }) => attempt > 1).length).toBeGreaterThan(0);
    }, patience);
    isBroken = false;
    await world.database.query(
      sql`update jobs set state = 'pending', tries = 0, reason = null where state = 'quarantined'`,
    );
    const rows = await world.settled();
    expect(rows[0]).toMatchObject({ result: { n: expect.any(Number) } });
    const effects = await world.database.query<{ key: string }>(sql`select key from breaker_events`);
    expect(effects.map(({ key }) => Number(key)).toSorted(ascending)).toEqual(numbers(20));
  });

  it('starts a job whose notification got lost at its next poll', async () => {
    const type = testType('test.poll');
    const { engine } = await world.start([testHandler(type)]);
    await world.database.query(
      sql`insert into jobs (id, type, priority, payload, state) values (${randomUUID()}, ${type.name}, 'default', '{"n": 1}', 'pending')`,
    );
    await world.settled();
    await expect(engine.check()).resolves.toBeUndefined();
  });

  it('listens again after its connection was cut', async () => {
    const type = testType('test.listen');
    const { events } = await world.start([testHandler(type)], { settings: { ...slowPoll } });
    await world.accept(type, 1);
    await world.settled();
    await vi.waitFor(async () => {
      const cut = await world.database.query(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%listen' and datname = current_database()`,
      );
      expect(cut).toHaveLength(1);
    }, patience);
    await vi.waitFor(() => {
      expect(events).toContainEqual(expect.objectContaining({ kind: 'fault', where: 'listen' }));
    }, patience);
    await vi.waitFor(async () => {
      const rows = await world.database.query(
        sql`select 1 from pg_stat_activity where application_name like '%listen' and datname = current_database()`,
      );
      expect(rows).toHaveLength(1);
    }, patience);
    await world.accept(type, 1);
    await world.settled();
  });

  it('starts a job when its time has come, not before', async () => {
    const type = testType('test.later');
    await world.start([testHandler(type)]);
    const [id = ''] = await world.accept(type, 1, { runAt: new Date(Date.now() + 3_600_000) });
    const [now = ''] = await world.accept(type, 1);
    await world.until(now, 'succeeded');
    expect((await world.row(id)).state).toBe('scheduled');
    await world.database.query(sql`update jobs set run_at = now() where id = ${id}`);
    await world.until(id, 'succeeded');
  });

  it('discards a job whose time is over before it starts', async () => {
    const type = testType('test.expired');
    const runs: number[] = [];
    const [id = ''] = await world.accept(type, 1, { expiresAt: new Date(Date.now() - 1_000) });
    await world.start([
      testHandler(type, ({ n }) => {
        runs.push(n);
        return Promise.resolve(undefined);
      }),
    ]);
    expect(await world.until(id, 'discarded')).toMatchObject({ discardReason: 'expired', attempt: 0 });
    expect(runs).toEqual([]);
  });

  it('accepts only one job of a type and key until it is final', async () => {
    const type = testType('test.unique');
    const other = testType('test.unique-other');
    expect(await world.accept(type, 1, { uniqueKey: 'k' })).toHaveLength(1);
    expect(await world.accept(type, 1, { uniqueKey: 'k' })).toHaveLength(0);
    expect(await world.accept(other, 1, { uniqueKey: 'k' })).toHaveLength(1);
    await world.start([testHandler(type), testHandler(other)]);
    await world.settled();
    expect(await world.accept(type, 1, { uniqueKey: 'k' })).toHaveLength(1);
  });

  it('leaves types alone that it does not know', async () => {
    const known = testType('test.known');
    const unknown = testType('test.from-a-newer-release');
    await world.start([testHandler(known)]);
    const [id = ''] = await world.accept(unknown, 1);
    const [after = ''] = await world.accept(known, 1);
    await world.until(after, 'succeeded');
    expect(await world.row(id)).toMatchObject({ state: 'pending', attempt: 0 });
  });

  it('puts a delivery back whose type it does not know, for a worker that does', async () => {
    const type = testType('test.newer');
    const older = createDirectTransport();
    await world.start([testHandler(testType('test.old'))], { transports: [older] });
    // the newer worker dispatches, the older one gets it, as with a queue in between
    let isOlderFirst = true;
    const newer = createDirectTransport();
    const crossing: JobTransport = {
      ...newer,
      push(deliveries) {
        const target = isOlderFirst ? older : newer;
        isOlderFirst = false;
        return target.push(deliveries);
      },
    };
    await world.start([testHandler(type)], { transports: [crossing] });
    const [id = ''] = await world.accept(type, 1);
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 1, tries: 1 });
    expect(isOlderFirst).toBe(false);
  });

  it('goes on with the next transport while one is down, and comes back to it', async () => {
    const type = testType('test.switch');
    const queue = createDirectTransport();
    let isUp = false;
    const pushed: number[] = [];
    const flaky: JobTransport = {
      ...queue,
      name: 'bee-queue',
      isUp: () => isUp,
      push(deliveries) {
        pushed.push(deliveries.length);
        return queue.push(deliveries);
      },
    };
    const { events } = await world.start([testHandler(type)], { transports: [flaky, createDirectTransport()] });
    await world.accept(type, 10);
    await world.settled();
    expect(pushed).toEqual([]);
    isUp = true;
    await vi.waitFor(async () => {
      await world.accept(type, 1);
      await world.settled();
      expect(pushed.length).toBeGreaterThan(0);
    }, patience);
    expect(events.filter(({ kind }) => kind === 'transport')).toEqual([
      { kind: 'transport', from: 'bee-queue', to: 'direct' },
      { kind: 'transport', from: 'direct', to: 'bee-queue' },
    ]);
  });

  it('dispatches again what a transport lost when it went down', async () => {
    const type = testType('test.lost-push');
    let isUp = true;
    const black: JobTransport = {
      ...createDirectTransport(),
      name: 'bee-queue',
      isUp: () => isUp,
      push: () => Promise.resolve(),
    };
    await world.start([testHandler(type)], { transports: [black, createDirectTransport()] });
    await world.accept(type, 5);
    await world.settled('queued');
    isUp = false;
    expect(await world.settled()).toHaveLength(5);
  });

  it('takes back what a transport refused', async () => {
    const type = testType('test.refused');
    const refusing: JobTransport = {
      ...createDirectTransport(),
      name: 'bee-queue',
      push: () => Promise.reject(new Error('gone')),
    };
    const { events } = await world.start([testHandler(type)], { transports: [refusing, createDirectTransport()] });
    await world.accept(type, 5);
    await world.settled();
    expect(events).toContainEqual(expect.objectContaining({ kind: 'fault', where: 'push' }));
  });
});

const slowPoll = { concurrency: 5, maxAttempts: 3, retryDelayMs: 10, pollIntervalMs: 60_000 };

describe('an engine that stops', () => {
  it('lets short jobs finish', async () => {
    const type = testType('test.short');
    const started = createLatch();
    const { stop } = await world.start([
      testHandler(type, async () => {
        started.open();
        await new Promise((resolve) => setTimeout(resolve, 50));
        return undefined;
      }),
    ]);
    const [id = ''] = await world.accept(type, 1);
    await started.opened;
    await stop();
    expect(await world.row(id)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it('returns long ones and those nobody has claimed at once, and the try does not count', async () => {
    const type = testType('test.long');
    const started = createLatch();
    const { stop } = await world.start(
      [
        testHandler(type, async (_payload, { signal }) => {
          started.open();
          await new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('told to end')));
          });
          return undefined;
        }),
      ],
      { settings: { concurrency: 1, maxAttempts: 3, retryDelayMs: 10, shutdownGraceMs: 50 } },
    );
    const ids = await world.accept(type, 3);
    await started.opened;
    await stop();
    const rows = await world.rows();
    expect(rows.map(({ state, tries }) => [state, tries])).toEqual(ids.map(() => ['pending', 0]));
    const run = rows.find(({ attempt }) => attempt === 1);
    expect(await world.attempts(run?.id ?? '')).toEqual(['returned']);
    await world.start([testHandler(type)]);
    await world.settled();
  });

  it('gives back what is with the transport and nobody has claimed', async () => {
    const type = testType('test.unclaimed');
    const silent: JobTransport = { ...createDirectTransport(), push: () => Promise.resolve() };
    const { stop } = await world.start([testHandler(type)], { transports: [silent] });
    await world.accept(type, 3);
    await world.settled('queued');
    await stop();
    expect((await world.rows()).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  });

  it('returns a job whose handler ignores the signal', async () => {
    const type = testType('test.deaf');
    const started = createLatch();
    const { stop, events } = await world.start([
      testHandler(type, () => {
        started.open();
        return new Promise(() => undefined);
      }),
    ]);
    const [id = ''] = await world.accept(type, 1);
    await started.opened;
    await stop();
    expect(await world.row(id)).toMatchObject({ state: 'pending', tries: 0 });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'abandoned', jobId: id }));
  });
});

describe('an attempt that fails', () => {
  it('is tried again until its attempts are used up, then quarantined with its reason', async () => {
    const type = testType('test.fails');
    const { breakers } = await world.start([
      testHandler(type, () => Promise.reject(new JobFailure('HTTP_503', 'answered 503'))),
    ]);
    const [id = ''] = await world.accept(type, 1);
    expect(await world.until(id, 'quarantined')).toMatchObject({
      attempt: 3,
      tries: 3,
      reason: 'exhausted',
      breakerKey: 'test.fails@:HTTP_503',
      errorCode: 'HTTP_503',
      errorMessage: 'answered 503',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(await world.attempts(id)).toEqual(['failed', 'failed', 'failed']);
    expect(breakers.calls).toEqual(Array.from({ length: 3 }, () => 'failed test.fails@ HTTP_503'));
  });

  it('is not tried again when that cannot help', async () => {
    const type = testType('test.hopeless');
    const { breakers } = await world.start([
      testHandler(type, () =>
        Promise.reject(new JobFailure('HTTP_404', 'gone', { retryable: false, countsForBreaker: false })),
      ),
    ]);
    const [id = ''] = await world.accept(type, 1);
    expect(await world.until(id, 'quarantined')).toMatchObject({ attempt: 1, reason: 'exhausted', breakerKey: null });
    expect(breakers.calls).toEqual([]);
  });

  it('forgets its error when the next one succeeds', async () => {
    const type = testType('test.second');
    await world.start([
      testHandler(type, (_payload, { attempt }) =>
        attempt === 1 ? Promise.reject(new Error('once')) : Promise.resolve(undefined),
      ),
    ]);
    const [id = ''] = await world.accept(type, 1);
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 2, errorCode: null });
    expect(await world.attempts(id)).toEqual(['failed']);
  });

  it('counts when what was thrown is no error', async () => {
    const type = testType('test.throws-text', { retry: { maxAttempts: 1 } });
    await world.start([
      testHandler(type, () => {
        // oxlint-disable-next-line typescript/only-throw-error -- this is what the test is about
        throw 'just text';
      }),
    ]);
    const [id = ''] = await world.accept(type, 1);
    expect(await world.until(id, 'quarantined')).toMatchObject({
      errorCode: 'UNKNOWN',
      errorMessage: 'threw just text',
    });
  });

  it('waits as long as the other side asked', async () => {
    const type = testType('test.retry-after');
    await world.start([
      testHandler(type, () => Promise.reject(new JobFailure('HTTP_429', 'later', { retryAfterMs: 600_000 }))),
    ]);
    const [id = ''] = await world.accept(type, 1);
    await world.until(id, 'retrying');
    const [row] = await world.database.query<{ secs: number }>(
      sql`select extract(epoch from run_at - now())::float8 as secs from jobs where id = ${id}`,
    );
    expect(row?.secs).toBeGreaterThan(590);
    expect(row?.secs).toBeLessThan(670);
  });

  it('ends when its time is up, though its handler never settles, while others go on', async () => {
    const stuck = testType('test.stuck', { timeoutMs: 100, retry: { maxAttempts: 1 } });
    const quick = testType('test.quick');
    const { events } = await world.start([testHandler(stuck, () => new Promise(() => undefined)), testHandler(quick)], {
      settings: { concurrency: 2, maxAttempts: 1, retryDelayMs: 10, abortGraceMs: 100 },
    });
    const ids = await world.accept(stuck, 4);
    await world.accept(quick, 20);
    await world.settled('succeeded', 'quarantined');
    for (const id of ids) {
      expect(await world.row(id)).toMatchObject({ state: 'quarantined', reason: 'exhausted', errorCode: 'TIMEOUT' });
    }
    expect(events.filter(({ kind }) => kind === 'abandoned')).toHaveLength(4);
  });

  it('is kept apart when the payload is not what the type says', async () => {
    const type = testType('test.payload');
    const runs: number[] = [];
    await world.start([
      testHandler(type, ({ n }) => {
        runs.push(n);
        return Promise.resolve(undefined);
      }),
    ]);
    const id = randomUUID();
    await world.database.query(
      sql`insert into jobs (id, type, priority, payload, state) values (${id}, ${type.name}, 'default', '{"n": "one"}', 'pending')`,
    );
    expect(await world.until(id, 'quarantined')).toMatchObject({
      attempt: 1,
      reason: 'payload_invalid',
      errorCode: 'PAYLOAD_INVALID',
      errorMessage: expect.stringContaining('n: '),
    });
    expect(runs).toEqual([]);
  });
});
