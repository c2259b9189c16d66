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
import type { Consume, Delivery, JobTransport } from '../transport/transport.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

/** Resolves when a statement waits for a row that somebody else has locked. */
async function untilSomebodyWaits(): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await world.database.query(sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`);
    expect(rows.length).toBeGreaterThan(0);
  }, patience);
}

/** Keeps what is pushed until the test hands it over. */
function handTransport() {
  const held: Delivery[] = [];
  const underWay: Promise<void>[] = [];
  let consume: Consume = () => Promise.resolve();
  const transport: JobTransport = {
    name: 'direct',
    start(consumer) {
      consume = consumer;
      return Promise.resolve();
    },
    push(deliveries) {
      held.push(...deliveries);
      return Promise.resolve();
    },
    isUp: () => true,
    async stop() {
      await Promise.all(underWay);
    },
  };
  return {
    transport,
    held,
    handOver() {
      underWay.push(...held.splice(0).map((delivery) => consume(delivery)));
    },
  };
}

describe('an engine that stops while a claim is under way', () => {
  it('gives the job back instead of starting it, and the try does not count', async () => {
    const type = testType('test.claimed-late');
    const { transport, held, handOver } = handTransport();
    let starts = 0;
    const engine = await world.start(
      [
        testHandler(type, () => {
          starts += 1;
          return new Promise(() => undefined);
        }),
      ],
      { transports: [transport] },
    );
    const [id = ''] = await world.accept(type, 1);
    await vi.waitFor(() => expect(held).toHaveLength(1), patience);
    let stopped: Promise<void> | undefined;
    await world.database.transaction(async (tx) => {
      await tx.query(sql`select from jobs where id = ${id} for update`);
      handOver();
      await untilSomebodyWaits();
      stopped = engine.stop();
      // until it would have ended, did it not wait for the claim
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await stopped;
    expect(await world.row(id)).toMatchObject({ state: 'pending', tries: 0 });
    expect(starts).toBe(0);
  });
});

describe('an engine that stops while another worker claims what it dispatched', () => {
  it('leaves that to the other and gives back the rest', async () => {
    const type = testType('test.claimed-elsewhere');
    const { transport, held } = handTransport();
    const engine = await world.start([testHandler(type)], { transports: [transport] });
    const [claimed = '', left = ''] = await world.accept(type, 2);
    await vi.waitFor(() => expect(held).toHaveLength(2), patience);
    await world.database.transaction(async (tx) => {
      await tx.query(sql`update jobs set state = 'running', worker = 'other', lease_expires_at = now() + interval '1 min'
        where id = ${claimed}`);
      await engine.stop();
      expect((await world.row(left)).state).toBe('pending');
    });
    expect(await world.row(claimed)).toMatchObject({ state: 'running', worker: 'other' });
  });
});

describe('a type with a limit', () => {
  it('starts its next job when one has ended, not when somebody looks again', async () => {
    const type = testType('test.one-at-a-time', { concurrency: 1 });
    await world.start([testHandler(type)], {
      settings: { concurrency: 20, maxAttempts: 3, retryDelayMs: 10, pollIntervalMs: 5_000 },
    });
    await world.accept(type, 15);
    expect(await world.settled()).toHaveLength(15);
  });
});

describe('a handler', () => {
  it('that completes twice and so undoes both is tried again at once', async () => {
    const type = testType('test.twice');
    await world.start([
      testHandler(type, async (_payload, job) => {
        await world.database.transaction(async (tx) => {
          await job.completeIn(tx);
          if (job.attempt === 1) {
            await job.completeIn(tx);
          }
        });
        return undefined;
      }),
    ]);
    const [id = ''] = await world.accept(type, 1);
    const row = await world.until(id, 'succeeded');
    expect(row.attempt).toBe(2);
    expect(await world.attempts(id)).toEqual(['failed']);
  });

  it('that says nonsense about when to come back holds up no others', async () => {
    const type = testType('test.nonsense', { retry: { maxAttempts: 2 } });
    await world.start([
      testHandler(type, () => {
        throw new JobFailure('HTTP_503', 'later', { retryAfterMs: Number.NaN });
      }),
    ]);
    await world.accept(type, 10);
    const rows = await world.settled('quarantined');
    expect(new Set(rows.map(({ tries }) => tries))).toEqual(new Set([2]));
  });

  it('whose end cannot be written is told to have ended all the same, so that nobody remembers it for ever', async () => {
    const type = testType('test.unwritten');
    const { database } = world;
    const { events } = await world.start([testHandler(type)], {
      database: {
        ...database,
        query: (statement, options) =>
          options?.name === 'jobs-complete' ? Promise.reject(new Error('no')) : database.query(statement, options),
      },
    });
    await world.accept(type, 3);
    await vi.waitFor(() => expect(events.filter(({ kind }) => kind === 'ended')).toHaveLength(3), patience);
    expect(events.filter(({ kind }) => kind === 'fault')).toMatchObject([{}, {}, {}].map(() => ({ where: 'record' })));
  });

  it('that is slow to commit takes the lease of no other', async () => {
    const type = testType('test.slow-commit');
    const end = createLatch();
    const { events } = await world.start(
      [
        testHandler(type, async ({ n }, job) => {
          if (n === 0) {
            await world.database.transaction(async (tx) => {
              await job.completeIn(tx);
              await end.opened;
            });
          }
          await end.opened;
          return undefined;
        }),
      ],
      { settings: { concurrency: 20, maxAttempts: 3, retryDelayMs: 10, leaseMs: 600, reconcileIntervalMs: 50 } },
    );
    const startedAt = Date.now();
    await world.accept(type, 2);
    await vi.waitFor(() => expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(2), patience);
    await vi.waitFor(() => expect(Date.now() - startedAt).toBeGreaterThan(2_000), patience);
    end.open();
    const rows = await world.settled();
    expect(rows.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });
});
