import { createTestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultTrouble, faultWrite, type Trouble } from '../testing/fault-worker/fault-jobs.ts';
import { createFaultWorld, type FaultWorld, nextN, patience } from '../testing/fault-world.ts';

let world: FaultWorld;

beforeAll(async () => {
  world = await createFaultWorld({ database: await createTestDatabase(), redisUrl: await testRedisUrl() });
  const env = { MAX_RETRIES: '2', RETRY_DELAY_MS: '500' };
  await Promise.all([world.keepWorker(env), world.keepWorker(env), world.keepWorker(env)]);
}, 120_000);

afterAll(async () => {
  await world.clear();
  await world.close();
});

const make = async (trouble: Trouble): Promise<{ n: number; id: string }> => {
  const n = nextN();
  return { n, id: await world.accept(faultTrouble, { n, trouble }) };
};

/** Resolves when jobs that have nothing to do with it were accepted and done. */
async function othersGoOn(): Promise<void> {
  const ids = await Promise.all(Array.from({ length: 20 }, () => world.accept(faultWrite, { n: nextN() })));
  await Promise.all(ids.map((id) => world.until(id, 'succeeded')));
}

describe('a handler', { timeout: 120_000 }, () => {
  it('that throws what is no error is tried again, and kept apart in the end', async () => {
    const { id } = await make('throws');
    await othersGoOn();
    expect(await world.until(id, 'quarantined')).toMatchObject({ reason: 'exhausted', errorCode: 'UNKNOWN', tries: 2 });
    expect(await world.outcomes(id)).toEqual(['failed', 'failed']);
  });

  it('that never settles is left to itself when its time is over, tried again, and kept apart in the end', async () => {
    const { id } = await make('hangs');
    await othersGoOn();
    expect(await world.until(id, 'quarantined')).toMatchObject({ reason: 'exhausted', errorCode: 'TIMEOUT', tries: 2 });
    expect(await world.outcomes(id)).toEqual(['failed', 'failed']);
  });

  it('that ends the process is tried again by another one, and kept apart in the end', async () => {
    const { n, id } = await make('exits');
    await othersGoOn();
    expect(await world.until(id, 'quarantined')).toMatchObject({ reason: 'poison', errorCode: 'LOST', tries: 2 });
    expect(await world.outcomes(id)).toEqual(['lost', 'lost']);
    expect(new Set((await world.noted(n)).map(({ pid }) => pid)).size).toBe(2);
  });

  it('that blocks its process for 10 s is tried again by another one, kept apart, and writes nothing later', async () => {
    const { n, id } = await make('blocks');
    await vi.waitFor(async () => expect(await world.noted(n)).toHaveLength(2), patience);
    await othersGoOn();
    expect(await world.until(id, 'quarantined')).toMatchObject({ reason: 'poison', errorCode: 'LOST', tries: 2 });
    await vi.waitFor(() => {
      const late = world.logLines().filter(({ jobId, outcome }) => jobId === id && outcome === 'superseded');
      expect(new Set(late.map(({ attempt }) => attempt))).toEqual(new Set([1, 2]));
    }, patience);
    expect(await world.job(id)).toMatchObject({ state: 'quarantined', attempt: 2, effects: 0 });
  });
});
