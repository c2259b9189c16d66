import { type OwnServers, startOwnServers } from '@taskflow/local/embedded/testing';
import { createRedis } from '@taskflow/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { allWell, createFaultWorld, type FaultWorld, type Load, patience, summary } from '../testing/fault-world.ts';
import type { WorkerProgram } from '../testing/worker-program.ts';

let servers: OwnServers;
let world: FaultWorld;
let workers: WorkerProgram[];

beforeAll(async () => {
  servers = await startOwnServers();
  world = await createFaultWorld(servers);
  workers = await Promise.all([world.worker(), world.worker()]);
}, 120_000);

afterAll(async () => {
  await world.clear();
  await world.close();
  await servers.remove();
}, 120_000);

/** How often a worker has turned to a transport. */
const turnsTo = ({ logLines }: WorkerProgram, transport: string): number =>
  logLines.filter(({ message, to }) => message === 'jobs are carried another way' && to === transport).length;

async function everyWorker(check: (worker: WorkerProgram) => void): Promise<void> {
  await vi.waitFor(() => workers.forEach(check), patience);
}

const succeeded = async (): Promise<number> => (await world.jobs()).filter(({ state }) => state === 'succeeded').length;

/** Resolves when so many more jobs have succeeded than now. */
async function moreSucceed(count: number): Promise<void> {
  const goal = (await succeeded()) + count;
  await vi.waitFor(async () => expect(await succeeded()).toBeGreaterThanOrEqual(goal), patience);
}

/** What became of every job, once nothing is left to do. */
async function ended(load: Load): Promise<ReturnType<typeof summary>> {
  await load.stop();
  return summary(await world.settled(), load.accepted);
}

describe('under several hundred jobs a second', { timeout: 120_000 }, () => {
  it('a Redis that is killed loses no job: they run without it, and through it again when it is back', async () => {
    const load = world.load();
    await load.more(200);
    await servers.redis.kill();
    await everyWorker((worker) => expect(turnsTo(worker, 'direct')).toBe(1));
    await moreSucceed(200);
    await servers.redis.on();
    await everyWorker((worker) => expect(turnsTo(worker, 'bee-queue')).toBe(1));
    await moreSucceed(200);
    expect(await ended(load)).toEqual(allWell);
  });

  it('a Redis that forgets everything loses no job', async () => {
    const redis = createRedis({ url: servers.redisUrl, name: 'test', onError: () => undefined });
    const load = world.load();
    for (let times = 0; times < 5; times += 1) {
      await load.more(100);
      await redis.flushall();
    }
    expect(await ended(load)).toEqual(allWell);
    redis.disconnect();
  });

  it('a PostgreSQL that is killed loses no job that was accepted, and does none twice', async () => {
    const load = world.load();
    await load.more(200);
    await servers.postgres.kill();
    await servers.postgres.on();
    await load.more(200);
    await moreSucceed(200);
    expect(await ended(load)).toEqual(allWell);
  });

  it('none of it has ended a worker', async () => {
    expect(workers.map(({ problems }) => problems())).toEqual(['', '']);
    for (const worker of workers) {
      worker.signal('SIGTERM');
      expect(await worker.exited).toEqual({ code: 0, signal: null });
    }
  });
});
