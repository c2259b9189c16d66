import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  createEngineWorld,
  createLatch,
  type EngineWorld,
  patience,
  testHandler,
  testType,
} from '../testing/engine-world.ts';
import type { Consume, JobTransport } from '../transport/transport.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

/** Hands everything over as soon as it is pushed, as Redis does. */
function createEagerTransport(): JobTransport {
  let consume: Consume = () => Promise.resolve();
  const underWay: Promise<void>[] = [];
  return {
    name: 'bee-queue',
    start(consumer) {
      consume = consumer;
      return Promise.resolve();
    },
    push(deliveries) {
      underWay.push(...deliveries.map((delivery) => consume(delivery)));
      return Promise.resolve();
    },
    isUp: () => true,
    async stop() {
      await Promise.all(underWay);
    },
  };
}

const runningRows = async (): Promise<number> => (await world.rows()).filter(({ state }) => state === 'running').length;

it('returns what it claimed ahead when its quick handlers have become slow, and no try is lost', async () => {
  const type = testType('test.quick', { priority: 'critical' });
  let isSlow = false;
  let most = 0;
  let busy = 0;
  const end = createLatch();
  const { engine } = await world.start(
    [
      testHandler(type, async () => {
        busy += 1;
        most = Math.max(most, busy);
        if (isSlow) {
          await end.opened;
        }
        busy -= 1;
        return undefined;
      }),
    ],
    {
      transports: [createEagerTransport()],
      settings: { concurrency: 2, maxAttempts: 3, retryDelayMs: 10, shutdownGraceMs: 200 },
    },
  );
  await world.accept(type, 10);
  await world.settled();
  isSlow = true;
  await world.accept(type, 12);
  engine.wake();
  await vi.waitFor(async () => expect(await runningRows()).toBeGreaterThan(2), patience);
  await vi.waitFor(async () => expect(await runningRows()).toBe(2), patience);
  end.open();
  const rows = await world.settled();
  expect(rows.map(({ tries }) => tries)).toEqual(rows.map(() => 1));
  expect(most).toBeLessThanOrEqual(2);
});
