import { sql } from '@taskflow/db';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SupersededError } from '../job-handler.ts';
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

async function expireLease(id: string): Promise<void> {
  await world.database.query(
    sql`update jobs set lease_expires_at = now() - interval '1 s' where id = ${id} and state = 'running'`,
  );
}

describe('a job whose lease ran out', () => {
  it('is run again, and the late result of the first attempt changes nothing', async () => {
    const type = testType('test.late');
    const late = createLatch();
    const lateEnd = createLatch();
    const errors: unknown[] = [];
    const { events } = await world.start([
      testHandler(type, async (_payload, job) => {
        if (job.attempt === 1) {
          await late.opened;
          await world.database
            .transaction(async (tx) => {
              await tx.query(
                sql`insert into breaker_events (key, from_state, to_state, cause) values ('late', '', '', '')`,
              );
              await job.completeIn(tx, { by: 'the first' });
            })
            .catch((error: unknown) => errors.push(error));
          lateEnd.open();
          return { by: 'the first' };
        }
        return { by: 'the second' };
      }),
    ]);
    const [id = ''] = await world.accept(type, 1);
    await world.until(id, 'running');
    await expireLease(id);
    await world.until(id, 'succeeded');
    late.open();
    await lateEnd.opened;
    await vi.waitFor(() => {
      expect(events).toContainEqual(expect.objectContaining({ kind: 'ended', attempt: 1, outcome: 'superseded' }));
    }, patience);
    expect(errors).toEqual([expect.any(SupersededError)]);
    expect(await world.row(id)).toMatchObject({ attempt: 2, result: { by: 'the second' } });
    expect(await world.attempts(id)).toEqual(['lost']);
    expect(await world.database.query(sql`select 1 from breaker_events where key = 'late'`)).toEqual([]);
  });

  it('is kept apart as poison when that was its last try', async () => {
    const type = testType('test.poison');
    await world.start([testHandler(type, () => new Promise(() => undefined))]);
    const [id = ''] = await world.accept(type, 1);
    for (const attempt of [1, 2, 3]) {
      await vi.waitFor(async () => {
        expect(await world.row(id)).toMatchObject({ state: 'running', attempt });
      }, patience);
      await expireLease(id);
    }
    expect(await world.until(id, 'quarantined')).toMatchObject({ reason: 'poison', tries: 3, errorCode: 'LOST' });
    expect(await world.attempts(id)).toEqual(['lost', 'lost', 'lost']);
  });

  it('goes by itself on its last try: what is lost each time may be what kills the others', async () => {
    const type = testType('test.together');
    await world.start([testHandler(type, () => new Promise(() => undefined))], {
      settings: { concurrency: 20, maxAttempts: 3, retryDelayMs: 60_000 },
    });
    const ids = await world.accept(type, 4);
    for (const attempt of [1, 2]) {
      await vi.waitFor(async () => {
        const rows = await world.rows();
        expect(rows.map((row) => [row.state, row.attempt])).toEqual(ids.map(() => ['running', attempt]));
      }, patience);
      await world.database.query(sql`update jobs set lease_expires_at = now() - interval '1 s'`);
    }
    await vi.waitFor(async () => {
      const [row] = await world.database.query<{ gaps: number[] }>(sql`
        select array_agg(gap::float8) as gaps
        from (select extract(epoch from run_at - lag(run_at) over (order by run_at)) as gap
              from jobs where state = 'retrying' and run_at > now() + interval '2 s') g
        where gap is not null`);
      // the first one goes at once
      expect(row?.gaps).toEqual([12, 12]);
    }, patience);
    // all of them late: still one after another
    await world.database.query(sql`update jobs set run_at = now() where state = 'retrying'`);
    await vi.waitFor(async () => {
      const [row] = await world.database.query<{ running: number; times: number }>(sql`
        select count(*)::int as running, count(distinct run_at)::int as times
        from jobs where state = 'running' and attempt = 3`);
      expect(row).toEqual({ running: 4, times: 4 });
    }, patience);
  });

  it('keeps nobody waiting who is not suspected, however many go one after another', async () => {
    const suspect = testType('test.suspect');
    const other = testType('test.unsuspected');
    await world.accept(suspect, 600);
    await world.database.query(sql`
      update jobs set state = 'retrying', run_at = now() - interval '1 min', error_code = 'LOST', attempt = 2, tries = 2`);
    const [id = ''] = await world.accept(other, 1, { runAt: new Date(Date.now() + 300) });
    await world.start([testHandler(suspect, () => new Promise(() => undefined)), testHandler(other)]);
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 1 });
    const rows = await world.rows();
    expect(rows.filter(({ state }) => state === 'retrying').length).toBeGreaterThan(500);
  });

  it('does not lose it while its worker reports back', async () => {
    const type = testType('test.beats');
    const end = createLatch();
    const { events } = await world.start(
      [
        testHandler(type, async (_payload, job) => {
          job.progress(0.5);
          await end.opened;
          return undefined;
        }),
      ],
      { settings: { concurrency: 2, maxAttempts: 3, retryDelayMs: 10, leaseMs: 900 } },
    );
    const [id = ''] = await world.accept(type, 1);
    await vi.waitFor(async () => {
      const [row] = await world.database.query<{ progress: number; held: boolean }>(
        sql`select progress, started_at < now() - interval '1500 ms' as held from jobs where id = ${id}`,
      );
      expect(row).toMatchObject({ progress: 0.5, held: true });
    }, patience);
    end.open();
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 1 });
    expect(events.filter(({ kind }) => kind === 'recovered')).toEqual([]);
  });
});

describe('a delivery that never arrived', () => {
  it('is sent again when it has been on its way for too long', async () => {
    const type = testType('test.stale');
    const direct = createDirectTransport();
    let isLossy = true;
    const lossy: JobTransport = {
      ...direct,
      push(deliveries) {
        return isLossy ? Promise.resolve() : direct.push(deliveries);
      },
    };
    const { events } = await world.start([testHandler(type)], { transports: [lossy] });
    await world.accept(type, 3);
    await world.settled('queued');
    isLossy = false;
    await world.database.query(sql`update jobs set queued_at = now() - interval '31 s'`);
    await world.settled();
    expect(events).toContainEqual({ kind: 'recovered', what: 'stale', count: 3 });
  });
});

describe('a delivery that arrives when its worker is told to leave', () => {
  it('is given back at once, whoever dispatched it', async () => {
    const type = testType('test.leaving');
    const direct = createDirectTransport();
    const arrivals: (() => Promise<void>)[] = [];
    const late: JobTransport = {
      ...direct,
      async start(consume, concurrency) {
        const [id = ''] = await world.accept(type, 1, { runAt: new Date(Date.now() + 3_600_000) });
        await world.database.query(sql`
          update jobs set state = 'queued', dispatch_no = 1, worker = 'another', queued_at = now() where id = ${id}`);
        const delivery = { jobId: id, dispatchNo: 1, type: type.name, scope: '', priority: 'default' } as const;
        arrivals.push(() => consume(delivery));
        await direct.start(consume, concurrency);
      },
      async stop(signal) {
        await Promise.all(arrivals.map((arrive) => arrive()));
        await direct.stop(signal);
      },
    };
    const { stop } = await world.start([testHandler(type)], { transports: [late] });
    await stop();
    expect(await world.rows()).toMatchObject([{ state: 'pending', attempt: 0 }]);
  });
});

describe('the steps of the reconciler', () => {
  it('are run by one worker at a time, and one that fails does not stop the others', async () => {
    let now = 0;
    let most = 0;
    const ran = vi.fn<() => void>();
    const steps = [
      { name: 'broken', run: () => Promise.reject(new Error('broken')) },
      {
        name: 'counts',
        async run() {
          now += 1;
          most = Math.max(most, now);
          await new Promise((resolve) => setTimeout(resolve, 20));
          now -= 1;
          ran();
        },
      },
    ];
    const handlers = [testHandler(testType('test.none'))];
    const { events } = await world.start(handlers, { reconcileSteps: steps });
    await world.start(handlers, { reconcileSteps: steps });
    await vi.waitFor(() => expect(ran.mock.calls.length).toBeGreaterThan(5), patience);
    expect(most).toBe(1);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'fault', where: 'reconciler: broken' }));
  });

  it('are taken over from a worker that stands still in the middle of them', async () => {
    const end = createLatch();
    const ran = vi.fn<() => void>();
    const handlers = [testHandler(testType('test.none'))];
    const begun = createLatch();
    const still = {
      name: 'still',
      run() {
        begun.open();
        return end.opened;
      },
    };
    await world.start(handlers, { reconcileSteps: [still] });
    await begun.opened;
    try {
      await world.start(handlers, { reconcileSteps: [{ name: 'ran', run: () => Promise.resolve(ran()) }] });
      await vi.waitFor(() => expect(ran).toHaveBeenCalled(), patience);
    } finally {
      end.open();
    }
  });
});
