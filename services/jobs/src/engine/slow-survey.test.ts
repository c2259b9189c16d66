import type { Database } from '@taskflow/db';
import { systemClock } from '@taskflow/resilience';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEngineWorld, type EngineWorld, patience, testHandler, testType } from '../testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

/** A database in which looking where something waits takes long, as when dead entries fill the index. */
function slowToSurvey(delayMs: number) {
  const { database } = world;
  const state = { delayMs, surveys: 0 };
  const slow: Database = {
    ...database,
    async query(statement, options) {
      if (options?.name === 'jobs-survey') {
        state.surveys += 1;
        await systemClock.sleep(state.delayMs);
      }
      return database.query(statement, options);
    },
  };
  return { database: slow, state };
}

describe('while looking where something waits takes long', () => {
  const type = testType('test.surveyed');

  it('a workspace that nobody has heard of does not wait much longer than that', async () => {
    const { database, state } = slowToSurvey(350);
    await world.start([testHandler(type)], { database });
    // what is slow again and again is done less often
    await vi.waitFor(() => expect(state.surveys).toBeGreaterThan(2), patience);
    const startedAt = Date.now();
    await world.accept(type, 1, { workspaceId: await world.workspace() });
    await world.settled();
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });

  it('jobs of those who are known start meanwhile', async () => {
    const { database, state } = slowToSurvey(0);
    await world.start([testHandler(type)], { database });
    await world.accept(type, 1);
    await world.settled();
    state.delayMs = 4_000;
    const { surveys } = state;
    await vi.waitFor(() => expect(state.surveys).toBeGreaterThan(surveys), patience);
    const startedAt = Date.now();
    await world.accept(type, 1);
    await world.settled();
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });
});
