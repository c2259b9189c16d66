import { type Database, type Executor, sql } from '@taskflow/db';
import { defineJobType, PayloadInvalidError } from '@taskflow/jobs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ActivityEntry, Committed } from '../activity/append.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';
import { type SeededProject, seedProject } from '../testing/seed.ts';
import { createUnitOfWorkRunner, type UnitOfWorkRunner } from './unit-of-work.ts';

let opened: OpenTestDatabase;
let database: Database;
let units: UnitOfWorkRunner;
let world: SeededProject;
const committed: Committed[] = [];

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
  units = createUnitOfWorkRunner({ database, onCommitted: (changes) => committed.push(...changes) });
  world = await seedProject(database);
});

beforeEach(() => {
  committed.length = 0;
});

afterAll(() => opened.close());

const entry = (): ActivityEntry => ({
  workspaceId: world.access.workspace.id,
  type: 'workspace.updated',
  actorId: world.userId,
});

const rename = (executor: Executor, id: string, name: string) =>
  executor.query(sql`update labels set name = ${name} where id = ${id}`);

describe('a unit of work', () => {
  it('numbers what it records in the order of commits, without gap, however many run at once', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () =>
        units.run(async (unit) => {
          unit.record(entry());
          unit.record(entry());
        }),
      ),
    );
    const rows = await database.query<{ number: number }>(
      sql`select number from activity where workspace_id = ${world.access.workspace.id} order by number`,
    );
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(committed.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([
      2, 4, 6, 8, 10, 12, 14, 16, 18, 20,
    ]);
  });

  it('leaves nothing behind and tells nobody when it fails', async () => {
    const told: string[] = [];
    const attempt = units.run(async (unit) => {
      await rename(unit, world.labelId, 'never seen');
      unit.record(entry());
      unit.afterCommit(() => told.push('committed'));
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await database.query(sql`select name from labels where id = ${world.labelId}`)).toEqual([{ name: 'bug' }]);
    expect([told, committed]).toEqual([[], []]);
  });

  it('begins anew when PostgreSQL ends it for a deadlock, and commits once', async () => {
    const other = await seedProject(database);
    const told: string[] = [];
    let runs = 0;
    const { promise: bothHold, resolve: holdBoth } = Promise.withResolvers<void>();
    let holding = 0;
    const cross = (first: string, second: string) =>
      units.run(async (unit) => {
        runs += 1;
        await rename(unit, first, 'first');
        holding += 1;
        if (holding === 2) {
          holdBoth();
        }
        await bothHold;
        await rename(unit, second, 'second');
        unit.record(entry());
        unit.afterCommit(() => told.push('committed'));
      });
    await Promise.all([cross(world.labelId, other.labelId), cross(other.labelId, world.labelId)]);
    expect(runs).toBeGreaterThan(2);
    expect(told).toEqual(['committed', 'committed']);
    expect(committed).toHaveLength(2);
  });
});

describe('what follows from a unit of work', () => {
  it('is one job for all that it recorded, from the first number to the last', async () => {
    const before = committed.length;
    await units.run(async (unit) => {
      unit.record(entry());
      unit.record(entry());
    });
    const last = committed[before]?.number ?? 0;
    const rows = await database.query(
      sql`select payload, workspace_id, requested_by from jobs
        where type = 'notification.fanout' order by id desc limit 1`,
    );
    const workspaceId = world.access.workspace.id;
    expect(rows).toEqual([
      {
        payload: { workspaceId, fromNumber: last - 1, toNumber: last },
        workspace_id: workspaceId,
        requested_by: world.userId,
      },
    ]);
  });
});

describe('jobs of a unit of work', () => {
  const ping = defineJobType({
    name: 'test.ping',
    payload: z.strictObject({ to: z.string() }),
    priority: 'critical',
    timeoutMs: 1_000,
    scope: ({ to }) => to,
  });
  const jobsTo = (to: string) =>
    database.query(sql`select id, type, priority, scope, state, request_id from jobs where scope = ${to}`);

  it('exist once it is committed, with what caused them, and wake the workers', async () => {
    let woken = 0;
    const withCause = createUnitOfWorkRunner({
      database,
      onCommitted: () => undefined,
      onAccepted: () => {
        woken += 1;
      },
      cause: () => ({ requestId: 'request-1' }),
    });
    const id = await withCause.run(async (unit) => unit.enqueue(ping, { to: 'kept' }));
    expect(await jobsTo('kept')).toEqual([
      { id, type: 'test.ping', priority: 'critical', scope: 'kept', state: 'pending', request_id: 'request-1' },
    ]);
    expect(woken).toBe(1);
  });

  it('do not exist when it is rolled back', async () => {
    const attempt = units.run(async (unit) => {
      unit.enqueue(ping, { to: 'lost' });
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await jobsTo('lost')).toEqual([]);
  });

  it('are refused when their payload is not what the type says', async () => {
    const wrong = { to: 'wrong', extra: 1 };
    await expect(units.run(async (unit) => unit.enqueue(ping, wrong))).rejects.toThrow(PayloadInvalidError);
    expect(await jobsTo('wrong')).toEqual([]);
  });

  it('are accepted once while their unique key is taken', async () => {
    const enqueue = () => units.run(async (unit) => unit.enqueue(ping, { to: 'unique' }, { uniqueKey: 'one' }));
    await enqueue();
    await enqueue();
    expect(await jobsTo('unique')).toHaveLength(1);
  });
});
