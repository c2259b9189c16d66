import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEngineWorld, type EngineWorld, testHandler, testType } from '../testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

async function settled(states: readonly string[] = ['succeeded']): Promise<void> {
  await vi.waitFor(
    async () => {
      const rows = await world.rows();
      expect(rows.filter(({ state }) => !states.includes(state))).toEqual([]);
    },
    { timeout: 10_000, interval: 20 },
  );
}

describe('an engine', () => {
  it('runs every accepted job once', async () => {
    const type = testType('test.once');
    const runs: number[] = [];
    await world.start([
      testHandler(type, async ({ n }) => {
        runs.push(n);
        return undefined;
      }),
    ]);
    await world.accept(type, 500);
    await settled();
    expect(runs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });
});
