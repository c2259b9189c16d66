import { randomUUID } from 'node:crypto';
import { one, sql } from '@taskflow/db';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { acceptJobs, newJob } from './accept.ts';
import { discardScope, probeScope } from './scopes.ts';
import { createEngineWorld, type EngineWorld, patience, testType } from './testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

const type = { ...testType('test.scoped'), scope: () => 'gone' };
const scope = { type: type.name, scope: 'gone' };

/** Accepts a job that is in a state. */
async function jobIn(state: string, id: string = randomUUID()): Promise<string> {
  const { database } = world;
  await acceptJobs(database, [newJob(id, type, { n: 1 })]);
  await database.query(sql`
    update jobs set state = ${state}::job_state,
      reason = case when ${state} = 'quarantined' then 'breaker'::quarantine_reason end,
      finished_at = case when ${state} = 'succeeded' then now() end,
      worker = 'somebody', lease_expires_at = now() + interval '1 min'
    where id = ${id}`);
  return id;
}

describe('a scope that is gone', () => {
  it.each(['scheduled', 'pending', 'queued', 'retrying', 'quarantined'])('takes its %s jobs with it', async (state) => {
    const id = await jobIn(state);
    expect(await discardScope(world.database, scope, 'nobody_left')).toBe(1);
    expect(await world.row(id)).toMatchObject({ state: 'discarded', discardReason: 'nobody_left', reason: null });
  });

  it.each(['running', 'succeeded'])('leaves its %s jobs alone, and those of others', async (state) => {
    const id = await jobIn(state);
    const [other = ''] = await world.accept(testType('test.scoped'), 1);
    expect(await discardScope(world.database, scope, 'nobody_left')).toBe(0);
    expect((await world.row(id)).state).toBe(state);
    expect((await world.row(other)).state).toBe('pending');
  });

  it('takes them in the order in which the engine does, so that neither waits for the other in a circle', async () => {
    const [first = '', second = ''] = [randomUUID(), randomUUID()].toSorted();
    await jobIn('queued', second);
    await jobIn('queued', first);
    const { database } = world;
    let discarded: Promise<number> | undefined;
    await database.transaction(async (tx) => {
      await tx.query(sql`update jobs set state = 'running' where id = ${first}`);
      discarded = discardScope(database, scope, 'nobody_left');
      const blocked = sql`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`;
      await vi.waitFor(async () => {
        expect((await one<{ count: number }>(database, blocked)).count).toBe(1);
      }, patience);
      await tx.query(sql`update jobs set state = 'running' where id = ${second}`);
    });
    expect(await discarded).toBe(0);
  });

  it('is probed with the oldest job that waits for its breaker, if there is one', async () => {
    expect(await probeScope(world.database, scope)).toBe(false);
    const [first = '', second = ''] = [randomUUID(), randomUUID()].toSorted();
    await jobIn('quarantined', second);
    await jobIn('quarantined', first);
    expect(await probeScope(world.database, scope)).toBe(true);
    expect((await world.row(first)).state).toBe('pending');
    expect((await world.row(second)).state).toBe('quarantined');
  });
});
