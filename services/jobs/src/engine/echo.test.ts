import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { acceptJobs, newJob } from '../accept.ts';
import { createEngineWorld, type EngineWorld, testHandler, testType } from '../testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

it('finds a job that follows closely on another without being called', async () => {
  const type = testType('test.follows');
  const { engine } = await world.start(
    [
      testHandler(type, async ({ n }) => {
        if (n < 10) {
          await acceptJobs(world.database, [newJob(randomUUID(), type, { n: n + 1 })]);
        }
        return undefined;
      }),
    ],
    { settings: { concurrency: 4, maxAttempts: 3, retryDelayMs: 10, pollIntervalMs: 60_000 } },
  );
  await acceptJobs(world.database, [newJob(randomUUID(), type, { n: 1 })]);
  engine.wake();
  await expect
    .poll(async () => (await world.rows()).filter(({ state }) => state === 'succeeded').length, {
      timeout: 6_000,
    })
    .toBe(10);
});
