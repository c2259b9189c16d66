import { createTestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { closeRedis, createRedis, type Redis } from '@taskflow/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultHold, faultNews } from '../testing/fault-worker/fault-jobs.ts';
import { allWell, createFaultWorld, type FaultWorld, nextN, patience, summary } from '../testing/fault-world.ts';
import type { WorkerProgram } from '../testing/worker-program.ts';

const keys = {
  waiting: 'taskflow:jobs:default:waiting',
  active: 'taskflow:jobs:default:active',
  data: 'taskflow:jobs:default:jobs',
} as const;

let world: FaultWorld;
let redis: Redis;
let older: WorkerProgram;
let newer: WorkerProgram;

beforeAll(async () => {
  const redisUrl = await testRedisUrl();
  world = await createFaultWorld({ database: await createTestDatabase(), redisUrl });
  redis = createRedis({ url: redisUrl, name: 'test', onError: () => undefined });
  // as long as in production: who waits for a lease to run out waits too long here
  const env = { FAULT_LEASE_MS: '60000' };
  [older, newer] = await Promise.all([world.worker(env), world.worker({ ...env, FAULT_RELEASE: 'newer' })]);
}, 120_000);

afterAll(async () => {
  await world.clear();
  await world.close();
  await closeRedis(redis);
});

/** Resolves when everything that was delivered is dealt with. */
const delivered = () =>
  vi.waitFor(async () => {
    expect([await redis.llen(keys.waiting), await redis.llen(keys.active)]).toEqual([0, 0]);
  }, patience);

describe('a delivery', { timeout: 120_000 }, () => {
  it('of a type that this release does not know is put back until one comes by that does', async () => {
    await vi.waitFor(async () => {
      await world.accept(faultNews, { n: nextN() });
      // sooner or later the older release gets one
      expect((await world.jobs()).some(({ dispatchNo }) => dispatchNo > 1)).toBe(true);
    }, patience);
    const jobs = await world.settled();
    expect(
      jobs.filter(({ state, attempt, effects }) => state !== 'succeeded' || attempt !== 1 || effects !== 1),
    ).toEqual([]);
    expect((await Promise.all(jobs.map(({ id }) => world.outcomes(id)))).flat()).toEqual([]);
  });

  it('that comes again while the job runs, and once more when it is over, runs nothing', async () => {
    const n = nextN();
    const id = await world.accept(faultHold, { n, holdAttempts: 1 });
    await vi.waitFor(async () => expect(await world.noted(n)).toHaveLength(1), patience);
    const { dispatchNo } = await world.job(id);
    const delivery = `${id}.${dispatchNo}`;
    const data = (await redis.hget(keys.data, delivery)) ?? '';
    expect(data).toContain(faultHold.name);

    await redis.lpush(keys.waiting, delivery, delivery, delivery);
    // the end of one takes the original, which goes on, off the list too
    await delivered();
    await world.openGate(n);
    await world.until(id, 'succeeded');
    await delivered();
    await redis.hset(keys.data, delivery, data);
    await redis.lpush(keys.waiting, delivery, delivery, delivery);
    await delivered();

    expect(await world.noted(n)).toHaveLength(1);
    expect(await world.job(id)).toMatchObject({ state: 'succeeded', attempt: 1, effects: 1 });
  });
});

describe('a worker that is told to leave under load', { timeout: 120_000 }, () => {
  it('leaves cleanly, and nothing waits for a lease to run out', async () => {
    const load = world.load();
    await load.more(300);
    older.signal('SIGTERM');
    expect(await older.exited).toEqual({ code: 0, signal: null });
    expect(older.logLines.at(-1)).toMatchObject({ message: 'stopped', unclean: [] });
    await load.more(100);
    await load.stop();
    // sooner than any lease runs out
    expect(summary(await world.settled(), load.accepted)).toEqual(allWell);
    expect(newer.logLines.filter(({ message }) => message === 'jobs are dispatched again')).toEqual([]);
  });
});
