import { randomUUID } from 'node:crypto';
import { createDatabase, type Database, one, sql } from '@taskflow/db';
import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { handleJob } from '../job-handler.ts';
import { defineJobType } from '../job-type.ts';
import { defineSchedule, ensureSchedules } from './built-in-schedules.ts';
import { pauseSchedule, resumeSchedule, runScheduleNow } from './schedule-control.ts';
import { listSchedules, type ScheduleView } from './schedule-list.ts';
import { createScheduleStep } from './schedule-step.ts';

const sweep = defineJobType({
  name: 'test.sweep',
  payload: z.strictObject({ days: z.number() }),
  priority: 'bulk',
  timeoutMs: 1_000,
});
const types = [handleJob(sweep, () => Promise.resolve(undefined)).type];
const nightly = defineSchedule('nightly', sweep, { days: 30 }, { cron: '30 2 * * *', timeZone: 'Europe/Berlin' });
const hourly = defineSchedule('hourly', sweep, { days: 1 }, { cron: '0 * * * *' });

let testDatabase: TestDatabase;
let database: Database;
let unreadable: string[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 5, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  await database.query(sql`delete from schedules`);
  await database.query(sql`delete from jobs`);
  unreadable = [];
});

const ensure = (...schedules: Parameters<typeof ensureSchedules>[1]) =>
  ensureSchedules(database, schedules, randomUUID);

async function the(key: string): Promise<ScheduleView> {
  const found = (await listSchedules(database, { limit: 10 })).find((schedule) => schedule.key === key);
  if (found === undefined) {
    throw new Error(`no schedule ${key}`);
  }
  return found;
}

async function plan(key: string, nextRunAt: string): Promise<void> {
  await database.query(sql`update schedules set next_run_at = ${nextRunAt}::timestamptz where key = ${key}`);
}

/** One step, while the clock shows `at`; the clock of PostgreSQL without it. */
function step(at?: string): Promise<number> {
  const run = createScheduleStep({
    types,
    newId: randomUUID,
    onUnreadable: (id) => unreadable.push(id),
    ...(at !== undefined && { now: () => Promise.resolve(new Date(at)) }),
  });
  return database.transaction(run);
}

interface JobRow {
  readonly id: string;
  readonly type: string;
  readonly priority: string;
  readonly payload: unknown;
  readonly unique_key: string | null;
}

const jobs = () =>
  database.query<JobRow>(sql`select id, type, priority, payload, unique_key from jobs order by unique_key, id`);

describe('ensureSchedules', () => {
  it('stores what the release brings along, with the time when it runs first', async () => {
    await ensure(nightly, hourly);
    const stored = await the('nightly');
    expect(stored).toMatchObject({ type: 'test.sweep', cron: '30 2 * * *', timeZone: 'Europe/Berlin', lastJob: null });
    expect(stored.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await listSchedules(database, { limit: 10 })).toHaveLength(2);
  });

  it('changes nothing the second time, and keeps what an operator decided', async () => {
    await ensure(nightly);
    const before = await the('nightly');
    await plan('nightly', '2026-01-01T01:30:00Z');
    await pauseSchedule(database, before.id);
    await ensure(nightly);
    const after = await the('nightly');
    expect(after.id).toBe(before.id);
    expect(after.nextRunAt).toEqual(new Date('2026-01-01T01:30:00Z'));
    expect(after.pausedAt).not.toBeNull();
  });

  it('runs next by its new timing when a release changes it', async () => {
    await ensure(nightly);
    await pauseSchedule(database, (await the('nightly')).id);
    await plan('nightly', '2026-01-01T01:30:00Z');
    await ensure({ ...nightly, cron: '0 4 * * *', payload: { days: 7 } });
    const after = await the('nightly');
    expect(after.cron).toBe('0 4 * * *');
    expect(after.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect(after.pausedAt).not.toBeNull();
  });

  it('stores each once when workers start together', async () => {
    await Promise.all([ensure(nightly, hourly), ensure(hourly, nightly), ensure(nightly, hourly)]);
    expect(await listSchedules(database, { limit: 10 })).toHaveLength(2);
  });
});

describe('a step over the schedules', () => {
  it('makes what is due a job and says when it runs next', async () => {
    await ensure(hourly);
    await plan('hourly', '2026-05-01T10:00:00Z');
    expect(await step('2026-05-01T09:59:59.999Z')).toBe(0);
    expect(await step('2026-05-01T10:00:00Z')).toBe(1);
    const [job] = await jobs();
    expect(job).toMatchObject({ type: 'test.sweep', priority: 'bulk', payload: { days: 1 } });
    expect(await the('hourly')).toMatchObject({
      nextRunAt: new Date('2026-05-01T11:00:00Z'),
      lastRunAt: new Date('2026-05-01T10:00:00Z'),
      lastJob: { id: job?.id, state: 'pending', reason: null },
    });
  });

  it('goes by the clock of PostgreSQL', async () => {
    await ensure(hourly);
    expect(await step()).toBe(0);
    await plan('hourly', '2020-01-01T00:00:00Z');
    expect(await step()).toBe(1);
    expect((await the('hourly')).nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it('makes an occurrence one job, however many workers look at a time', async () => {
    await ensure(nightly, hourly);
    await database.query(sql`update schedules set next_run_at = '2026-05-01T10:00:00Z'`);
    const accepted = await Promise.all(Array.from({ length: 5 }, () => step('2026-05-01T10:00:00Z')));
    expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await jobs()).toHaveLength(2);
  });

  it('makes an occurrence no second job when its first firing is seen by nobody', async () => {
    await ensure(hourly);
    await plan('hourly', '2026-05-01T10:00:00Z');
    await step('2026-05-01T10:00:00Z');
    const [first] = await jobs();
    await plan('hourly', '2026-05-01T10:00:00Z');
    expect(await step('2026-05-01T10:00:01Z')).toBe(0);
    expect(await jobs()).toEqual([first]);
    expect((await the('hourly')).lastJob?.id).toBe(first?.id);
  });

  it('catches up once on everything that was missed', async () => {
    await ensure(hourly);
    await plan('hourly', '2026-05-01T10:00:00Z');
    expect(await step('2026-05-04T17:20:00Z')).toBe(1);
    expect(await step('2026-05-04T17:20:01Z')).toBe(0);
    expect((await the('hourly')).nextRunAt).toEqual(new Date('2026-05-04T18:00:00Z'));
  });

  it('runs each occurrence once when the clock jumps an hour forwards and back', async () => {
    await ensure(hourly);
    await plan('hourly', '2026-05-01T10:00:00Z');
    const clock = ['09:40', '10:40', '10:41', '09:45', '10:00', '10:45', '11:00', '11:01', '10:01', '11:00', '12:00'];
    const accepted: Record<string, number> = {};
    for (const [turn, time] of clock.entries()) {
      const count = await step(`2026-05-01T${time}:00Z`);
      if (count > 0) {
        accepted[`${turn} ${time}`] = count;
      }
    }
    expect(accepted).toEqual({ '1 10:40': 1, '6 11:00': 1, '10 12:00': 1 });
    const occurrences = (await jobs()).map(({ unique_key }) => unique_key?.slice(-24));
    expect(occurrences).toEqual(['2026-05-01T10:00:00.000Z', '2026-05-01T11:00:00.000Z', '2026-05-01T12:00:00.000Z']);
  });

  it.each([
    ['forward', '2026-03-28T12:00:00Z', ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']],
    ['back', '2026-10-24T12:00:00Z', ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']],
  ])('runs 02:30 once in the night when clocks go %s', async (_direction, start, expected) => {
    await ensure(nightly);
    await plan('nightly', expected[0] ?? '');
    const firedAt: string[] = [];
    for (let minutes = 0; minutes < 48 * 60; minutes += 10) {
      const at = new Date(Date.parse(start) + minutes * 60_000).toISOString();
      if ((await step(at)) > 0) {
        firedAt.push(at);
      }
    }
    expect(firedAt).toEqual(expected);
  });

  it('leaves paused ones, those of other releases, and those of deleted workspaces alone', async () => {
    const [user, workspace] = [randomUUID(), randomUUID()];
    await database.query(sql`insert into users (id, email, name) values (${user}, ${`${user}@example.com`}, 'Olga')`);
    await database.query(sql`
      insert into workspaces (id, slug, name, deleted_at) values (${workspace}, ${`w-${workspace}`}, 'Works', now())`);
    await ensure(hourly, nightly, { ...hourly, key: 'newer', type: 'test.newer' });
    await pauseSchedule(database, (await the('hourly')).id);
    await database.query(sql`
      update schedules set next_run_at = '2026-05-01T10:00:00Z',
        workspace_id = case when key = 'nightly' then ${workspace}::uuid end, created_by = ${user}`);
    expect(await step('2026-05-01T10:00:00Z')).toBe(0);
    await database.query(sql`update workspaces set deleted_at = null where id = ${workspace}`);
    expect(await step('2026-05-01T10:00:00Z')).toBe(1);
    const job = await one(database, sql`select workspace_id, requested_by from jobs`);
    expect(job).toEqual({ workspace_id: workspace, requested_by: user });
  });

  it('accepts a payload of another release, so that it ends in quarantine and not nowhere', async () => {
    await ensure(hourly);
    await database.query(sql`
      update schedules set payload = '{"weeks": 4}', next_run_at = '2026-05-01T10:00:00Z'`);
    expect(await step('2026-05-01T10:00:00Z')).toBe(1);
    expect(await jobs()).toMatchObject([{ type: 'test.sweep', payload: { weeks: 4 } }]);
  });

  it('reports a timing that cannot be read, and does the others', async () => {
    await ensure(hourly, nightly);
    await database.query(sql`
      update schedules set next_run_at = '2026-05-01T10:00:00Z',
        cron = case when key = 'hourly' then 'every hour' else cron end`);
    expect(await step('2026-05-01T10:00:00Z')).toBe(2);
    const { id, nextRunAt } = await the('hourly');
    expect(unreadable).toEqual([id]);
    expect(nextRunAt).toBeNull();
    expect((await the('nightly')).nextRunAt).toEqual(new Date('2026-05-02T00:30:00Z'));
  });
});

describe('operators', () => {
  it('pause a schedule and let it go on with its next time', async () => {
    await ensure(hourly);
    const { id, version } = await the('hourly');
    expect(await pauseSchedule(database, id)).toBe(true);
    expect(await pauseSchedule(database, id)).toBe(true);
    expect(await the('hourly')).toMatchObject({ version: version + 1, pausedAt: expect.any(Date) });
    await plan('hourly', '2026-05-01T10:00:00Z');
    expect(await database.transaction((tx) => resumeSchedule(tx, id))).toBe(true);
    const resumed = await the('hourly');
    expect(resumed).toMatchObject({ version: version + 2, pausedAt: null });
    expect(resumed.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await step()).toBe(0);
  });

  it('are told when there is no such schedule', async () => {
    const id = randomUUID();
    expect(await pauseSchedule(database, id)).toBe(false);
    expect(await database.transaction((tx) => resumeSchedule(tx, id))).toBe(false);
    const asked = database.transaction((tx) => runScheduleNow(tx, id, { id: randomUUID() }, types));
    expect(await asked).toBeUndefined();
  });

  it('run a schedule now, one run at a time, which leaves its timing alone', async () => {
    await ensure(hourly);
    const { id, nextRunAt } = await the('hourly');
    const ask = (jobId: string) => database.transaction((tx) => runScheduleNow(tx, id, { id: jobId }, types));
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    expect(await ask(first)).toEqual({ jobId: first, accepted: true });
    expect(await ask(second)).toEqual({ jobId: first, accepted: false });
    expect(await the('hourly')).toMatchObject({ nextRunAt, lastJob: { id: first, state: 'pending' } });
    await database.query(sql`update jobs set state = 'succeeded', finished_at = now() where id = ${first}`);
    expect(await ask(third)).toEqual({ jobId: third, accepted: true });
    expect((await the('hourly')).lastJob).toMatchObject({ id: third });
  });
});

describe('listSchedules', () => {
  it('goes on after an id, and picks one', async () => {
    await ensure(hourly, nightly, { ...hourly, key: 'third' });
    const [first, second, third] = await listSchedules(database, { limit: 3 });
    expect(await listSchedules(database, { limit: 1, afterId: first?.id ?? '' })).toEqual([second]);
    expect(await listSchedules(database, { limit: 3, id: third?.id ?? '' })).toEqual([third]);
    expect(await listSchedules(database, { limit: 3, workspaceId: randomUUID() })).toEqual([]);
  });
});
