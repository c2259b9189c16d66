import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { acceptJobs, newJob } from '../accept.ts';
import { createEngineWorld, type EngineWorld, testHandler, testType } from '../testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

const unstorable = 'a\u0000b\ud83d';
const stored = 'ab\ufffd';

describe('a result that PostgreSQL cannot store', () => {
  const type = testType('test.results');

  it.each([
    ['after the handler', false],
    ['in its transaction', true],
  ])('is kept without what cannot be, and holds nobody up, when it is written %s', async (_, isInTransaction) => {
    const jobs = Array.from({ length: 20 }, (_value, n) => newJob(randomUUID(), type, { n }));
    await acceptJobs(world.database, jobs);
    await world.start([
      testHandler(type, async ({ n }, job) => {
        const result = { text: n === 3 ? unstorable : 'fine' };
        if (isInTransaction) {
          await world.database.transaction((tx) => job.completeIn(tx, result));
          return undefined;
        }
        return result;
      }),
    ]);
    const rows = await world.settled();
    expect(new Set(rows.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    expect((await world.row(jobs[3]?.id ?? '')).result).toEqual({ text: stored });
  });
});
