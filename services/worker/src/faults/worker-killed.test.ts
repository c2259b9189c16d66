import { createTestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultHold, faultTrouble, faultWrite } from '../testing/fault-worker/fault-jobs.ts';
import { allWell, createFaultWorld, type FaultWorld, nextN, patience, summary } from '../testing/fault-world.ts';
import type { WorkerProgram } from '../testing/worker-program.ts';

let world: FaultWorld;

beforeAll(async () => {
  world = await createFaultWorld({ database: await createTestDatabase(), redisUrl: await testRedisUrl() });
});

afterEach(() => world.clear());

afterAll(() => world.close());

/** Two workers, one of which is halfway through a job. */
async function holding(): Promise<{ holder: WorkerProgram; other: WorkerProgram; id: string; n: number }> {
  const workers = await Promise.all([world.worker(), world.worker()]);
  const n = nextN();
  const id = await world.accept(faultHold, { n, holdAttempts: 1 });
  const [attempt] = await vi.waitFor(async () => {
    const noted = await world.noted(n);
    expect(noted.length).toBe(1);
    return noted;
  }, patience);
  const [holder, other] = workers[0].pid === attempt?.pid ? workers : workers.toReversed();
  if (holder === undefined || other === undefined) {
    throw new Error('there are two workers');
  }
  return { holder, other, id, n };
}

describe('a worker that is killed', { timeout: 120_000 }, () => {
  it('halfway through a job leaves nothing of it behind, and another worker does it once', async () => {
    const { holder, other, id, n } = await holding();
    holder.signal('SIGKILL');
    await holder.exited;
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 2, effects: 1 });
    expect(await world.outcomes(id)).toEqual(['lost']);
    expect(await world.noted(n)).toEqual([
      { attempt: 1, pid: holder.pid },
      { attempt: 2, pid: other.pid },
    ]);
  });

  it('by the same job each time is not killed for ever, and what ran beside that job is done', async () => {
    await world.keepWorker({ RETRY_DELAY_MS: '1000' });
    const n = nextN();
    const killer = await world.accept(faultTrouble, { n, trouble: 'kills' });
    const others = await Promise.all(Array.from({ length: 30 }, () => world.accept(faultWrite, { n: nextN() })));
    const jobs = await world.settled();
    expect(jobs.find(({ id }) => id === killer)).toMatchObject({
      state: 'quarantined',
      reason: 'poison',
      errorCode: 'LOST',
      attempt: 3,
      tries: 3,
      effects: 0,
    });
    expect(new Set((await world.noted(n)).map(({ pid }) => pid)).size).toBe(3);
    expect(
      summary(
        jobs.filter(({ id }) => id !== killer),
        others,
      ),
    ).toEqual(allWell);
  });
});

describe('a worker that is paused past its lease', { timeout: 120_000 }, () => {
  it('changes nothing when it goes on: another one has done the job', async () => {
    const { holder: paused, id, n } = await holding();
    paused.signal('SIGSTOP');
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 2, effects: 1 });
    await world.openGate(n);
    paused.signal('SIGCONT');
    await vi.waitFor(
      () =>
        expect(paused.logLines).toContainEqual(
          expect.objectContaining({ message: 'job', jobId: id, attempt: 1, outcome: 'superseded' }),
        ),
      patience,
    );
    paused.signal('SIGTERM');
    expect(await paused.exited).toEqual({ code: 0, signal: null });
    expect(await world.job(id)).toMatchObject({ state: 'succeeded', attempt: 2, effects: 1 });
    expect(await world.outcomes(id)).toEqual(['lost']);
  });
});
