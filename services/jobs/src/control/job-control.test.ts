import { sql } from '@taskflow/db';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JobFailure } from '../job-failure.ts';
import { createEngineWorld, createLatch, type EngineWorld, testHandler, testType } from '../testing/engine-world.ts';
import { cancelJobs, discardJobs, inBatches, releaseJobs, retryJobs } from './job-control.ts';
import { whyJob } from './why.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

const noOutlook = { limitOf: () => undefined, outlookOf: () => Promise.resolve(undefined) };

describe('an operator', () => {
  it('cancels a job that waits, which then never runs', async () => {
    const type = testType('test.waits');
    const [id = ''] = await world.accept(type, 1, { runAt: new Date(Date.now() + 60_000) });
    expect(await cancelJobs(world.database, { ids: [id] })).toEqual({ changed: 1, hasMore: false, told: 0 });
    expect(await world.row(id)).toMatchObject({ state: 'canceled', attempt: 0 });
    expect(await cancelJobs(world.database, { ids: [id] })).toEqual({ changed: 0, hasMore: false, told: 0 });
  });

  it('cancels a job that runs: its signal aborts, and it is not tried again', async () => {
    const type = testType('test.runs');
    await world.start([
      testHandler(type, async (_payload, { signal }) => {
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('told to end')));
        });
        return undefined;
      }),
    ]);
    const [id = ''] = await world.accept(type, 1);
    await world.until(id, 'running');
    expect(await cancelJobs(world.database, { ids: [id] })).toMatchObject({ changed: 1, told: 1 });
    await world.until(id, 'canceled');
    expect(await world.attempts(id)).toEqual(['canceled']);
  });

  it('cancels a running job even when the notification gets lost', async () => {
    const type = testType('test.unheard');
    await world.start([testHandler(type, (_payload, { signal }) => untilAborted(signal))], {
      settings: { concurrency: 2, maxAttempts: 3, retryDelayMs: 10, leaseMs: 900 },
    });
    const [id = ''] = await world.accept(type, 1);
    await world.until(id, 'running');
    await world.database.query(sql`update jobs set cancel_requested_at = now() where id = ${id}`);
    expect(await world.until(id, 'canceled')).toMatchObject({ attempt: 1 });
  });

  it('releases quarantined jobs, all tries anew, once', async () => {
    const type = testType('test.broken');
    let isBroken = true;
    await world.start([
      testHandler(type, () =>
        isBroken ? Promise.reject(new JobFailure('HTTP_404', 'no', { retryable: false })) : Promise.resolve(undefined),
      ),
    ]);
    await world.accept(type, 5);
    const rows = await world.settled('quarantined');
    isBroken = false;
    const group = { type: type.name, errorCode: 'HTTP_404', fingerprint: rows[0]?.fingerprint ?? '' };
    expect(await releaseJobs(world.database, group)).toEqual({ changed: 5, hasMore: false });
    expect(await releaseJobs(world.database, group)).toEqual({ changed: 0, hasMore: false });
    const done = await world.settled();
    expect(done.map(({ attempt, tries }) => [attempt, tries])).toEqual(done.map(() => [2, 1]));
  });

  it('lets jobs that wait for their time run now', async () => {
    const type = testType('test.impatient');
    await world.start([testHandler(type)]);
    await world.accept(type, 2, { runAt: new Date(Date.now() + 60_000) });
    expect(await retryJobs(world.database, { state: 'scheduled' })).toMatchObject({ changed: 2 });
    await world.settled();
    expect(await retryJobs(world.database, { type: type.name })).toMatchObject({ changed: 0 });
  });

  it('discards what waits and nothing else', async () => {
    const type = testType('test.unwanted');
    const end = createLatch();
    await world.start([
      testHandler(type, async () => {
        await end.opened;
        return undefined;
      }),
    ]);
    const [running = ''] = await world.accept(type, 1);
    await world.until(running, 'running');
    const [waiting = ''] = await world.accept(type, 1, { runAt: new Date(Date.now() + 60_000) });
    expect(await discardJobs(world.database, { type: type.name })).toEqual({ changed: 1, hasMore: false });
    expect(await world.row(waiting)).toMatchObject({ state: 'discarded', discardReason: 'operator' });
    end.open();
    await world.until(running, 'succeeded');
  });

  it('changes many in batches, up to a number', async () => {
    const type = testType('test.many');
    await world.accept(type, 1_200);
    expect(await inBatches(discardJobs, world.database, { type: type.name }, 500)).toEqual({
      changed: 500,
      hasMore: true,
    });
    expect(await inBatches(discardJobs, world.database, { type: type.name }, 9_999)).toEqual({
      changed: 700,
      hasMore: false,
    });
  });

  it('is told why a job waits', async () => {
    const type = testType('test.why');
    const [first = '', second = ''] = (await world.accept(type, 2)).toSorted();
    expect((await whyJob(world.database, first, noOutlook))?.cause).toBe('next_in_line');
    expect((await whyJob(world.database, second, noOutlook))?.sentence).toBe('waits behind 1 older job of its kind.');
    expect((await whyJob(world.database, first, { ...noOutlook, limitOf: () => 0 }))?.cause).toBe('type_at_limit');
    await world.database.query(sql`insert into job_type_settings (type, paused_at) values (${type.name}, now())`);
    expect((await whyJob(world.database, first, noOutlook))?.sentence).toBe('waits: an operator paused test.why.');
    await world.database.query(sql`
      update jobs set state = 'quarantined', reason = 'breaker', breaker_key = 'test.why@x:HTTP_503' where id = ${first}`);
    expect(
      await whyJob(world.database, first, { ...noOutlook, outlookOf: () => Promise.resolve({ probeInMs: 42_000 }) }),
    ).toMatchObject({ cause: 'breaker', sentence: 'waits for breaker test.why@x:HTTP_503, probe in 42 s.' });
    expect(await whyJob(world.database, '00000000-0000-4000-8000-000000000000', noOutlook)).toBeUndefined();
  });
});

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('told to end')));
  });
}
