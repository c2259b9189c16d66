import { type Task, type TaskListQuery, taskListQuery, taskSchema } from '@taskflow/contract/tasks';
import { type Database, sql } from '@taskflow/db';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ProjectAccess, TaskAccess } from '../access/access.ts';
import { readAs } from '../access/reading.ts';
import { newId } from '../core/ids.ts';
import type { Committed } from '../activity/append.ts';
import { createUnitOfWorkRunner, type UnitOfWorkRunner } from '../core/unit-of-work.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';
import { seedProject, type SeededProject } from '../testing/seed.ts';
import { createTaskService, type TaskService } from './service.ts';

let opened: OpenTestDatabase;
let database: Database;
let units: UnitOfWorkRunner;
let tasks: TaskService;
let world: SeededProject;
const committed: Committed[] = [];
const statements: string[] = [];

beforeAll(async () => {
  opened = await openTestDatabase(({ text }) => statements.push(text));
  database = opened.database;
  units = createUnitOfWorkRunner({ database, onCommitted: (changes) => committed.push(...changes) });
  tasks = createTaskService({ units, newId });
  world = await seedProject(database);
});

afterAll(() => opened.close());

const parse = (json: string): Task => taskSchema.parse(JSON.parse(json));
const parsePage = (items: string): Task[] => z.array(taskSchema).parse(JSON.parse(items));
const query = (input: object) => taskListQuery.parse(input);
const listOfProject = async (access: ProjectAccess, input: TaskListQuery) =>
  readAs(database, access, tasks.listOfProject(access.project.id, input));
const at = (access: ProjectAccess, id: string): TaskAccess => ({ ...access, task: { id } });

async function create(title: string, fields: object = {}): Promise<Task> {
  return parse((await tasks.create(world.access, { title, ...fields }, undefined)).json);
}

async function allTitles(input: object, access = world.access): Promise<string[]> {
  const titles: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listOfProject(access, query({ limit: '7', ...input, ...(cursor && { cursor }) }));
    titles.push(...parsePage(page.items).map(({ title }) => title));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return titles;
}

describe('creating a task', () => {
  it('gives it a number, the first status and the last place, in one statement', async () => {
    const before = statements.length;
    const first = await create('First');
    expect(statements.slice(before)).toHaveLength(1);
    const second = await create('Second', { description: 'More', priority: 'high', dueAt: '2026-12-01T10:00:00.000Z' });
    expect(second.number).toBe(first.number + 1);
    expect(second).toMatchObject({
      key: `OPS-${second.number}`,
      category: 'backlog',
      version: 1,
      dueAt: '2026-12-01T10:00:00.000Z',
    });
    expect(first.rank < second.rank).toBe(true);
    expect(committed.at(-1)?.workspaceId).toBe(world.access.workspace.id);
  });

  it('answers what a later read answers', async () => {
    const created = await tasks.create(
      world.access,
      { title: 'Full', assigneeIds: [world.userId], labelIds: [world.labelId], estimate: 2.5 },
      undefined,
    );
    const read = await tasks.get(at(world.access, created.id));
    expect(parse(read.json)).toEqual(parse(created.json));
    expect(read.etag).toBe(created.etag);
  });

  it('names every field that points at nothing, and leaves nothing behind', async () => {
    const before = await create('Before');
    const stranger = '0192f0c1-2345-7000-8000-000000000000';
    const attempt = tasks.create(
      world.access,
      { title: 'Broken', statusId: stranger, assigneeIds: [stranger], labelIds: [stranger], parentId: stranger },
      undefined,
    );
    await expect(attempt).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ path: 'statusId' }, { path: 'assigneeIds' }, { path: 'labelIds' }, { path: 'parentId' }],
    });
    expect((await create('After')).number).toBe(before.number + 1);
  });

  it('numbers tasks without gap or double when many are created at once', async () => {
    const created = await Promise.all(Array.from({ length: 20 }, (_, n) => create(`Parallel ${n}`)));
    const numbers = created.map(({ number }) => number).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => (numbers[0] ?? 0) + n));
  });
});

describe('changing a task', () => {
  it('bumps the version only when something changes, and says what', async () => {
    const task = await create('Old title');
    const access = at(world.access, task.id);
    const same = await units.run((unit) => tasks.update(unit, access, { title: 'Old title' }, undefined));
    expect(parse(same.json).version).toBe(1);
    const changed = await units.run((unit) =>
      tasks.update(unit, access, { title: 'New title', labelIds: [world.labelId] }, 1),
    );
    expect(parse(changed.json)).toMatchObject({ title: 'New title', version: 2, labelIds: [world.labelId] });
    const [entry] = await database.query(sql`
      select type, changes from activity where task_id = ${task.id} order by number desc limit 1`);
    expect(entry).toEqual({
      type: 'task.updated',
      changes: { title: { from: 'Old title', to: 'New title' }, labelIds: { from: [], to: [world.labelId] } },
    });
  });

  it('refuses a stale version', async () => {
    const task = await create('Contested');
    const access = at(world.access, task.id);
    await units.run((unit) => tasks.update(unit, access, { priority: 'high' }, 1));
    await expect(units.run((unit) => tasks.update(unit, access, { priority: 'low' }, 1))).rejects.toMatchObject({
      code: 'stale_version',
    });
  });

  it('lets exactly one of many writers of the same version win', async () => {
    const task = await create('Race');
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        units.run((unit) => tasks.update(unit, at(world.access, task.id), { title: `Race ${n}` }, 1)),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('completes and reopens with the status', async () => {
    const task = await create('Finish me');
    const access = at(world.access, task.id);
    const done = await units.run((unit) => tasks.update(unit, access, { statusId: world.statusIds.Done }, undefined));
    expect(parse(done.json)).toMatchObject({ category: 'completed', completedAt: expect.any(String) });
    const open = await units.run((unit) => tasks.move(unit, access, { statusId: world.statusIds.Backlog }, undefined));
    expect(parse(open.json)).toMatchObject({ category: 'backlog', completedAt: null });
  });

  it('never lets a task come to be below itself', async () => {
    const parent = await create('Parent');
    const child = await create('Child', { parentId: parent.id });
    await expect(
      units.run((unit) => tasks.update(unit, at(world.access, parent.id), { parentId: child.id }, undefined)),
    ).rejects.toMatchObject({ code: 'invalid', fields: [{ path: 'parentId', message: expect.any(String) }] });
    const read = parse((await tasks.get(at(world.access, parent.id))).json);
    expect(read.counts).toEqual({ comments: 0, subtasks: 1, completedSubtasks: 0 });
  });

  it('clears what is set to null', async () => {
    const task = await create('Dated', { dueAt: '2026-12-24T00:00:00Z', estimate: 3 });
    const cleared = await units.run((unit) =>
      tasks.update(unit, at(world.access, task.id), { dueAt: null, estimate: null }, undefined),
    );
    expect(parse(cleared.json)).toMatchObject({ dueAt: null, estimate: null });
  });
});

describe('moving a task', () => {
  it('keeps the order that a series of random moves asks for', async () => {
    const board = await seedProject(database);
    const created: Task[] = [];
    for (let n = 0; n < 6; n += 1) {
      created.push(parse((await tasks.create(board.access, { title: `T${n}` }, undefined)).json));
    }
    let order = created.map(({ id }) => id);
    await fc.assert(
      fc.asyncProperty(fc.nat(5), fc.nat(5), async (from, to) => {
        const id = order[from] ?? '';
        const others = order.filter((other) => other !== id);
        const afterId = others[to - 1] ?? null;
        const beforeId = others[to] ?? null;
        await units.run((unit) => tasks.move(unit, at(board.access, id), { afterId, beforeId }, undefined));
        order = others.toSpliced(Math.min(to, others.length), 0, id);
        const page = await listOfProject(board.access, query({}));
        expect(parsePage(page.items).map((task) => task.id)).toEqual(order);
      }),
      { numRuns: 30 },
    );
  });

  it('gives every one of many moves into the same gap a rank of its own', async () => {
    const board = await seedProject(database);
    const make = async (title: string) => parse((await tasks.create(board.access, { title }, undefined)).json);
    const first = await make('first');
    await make('last');
    const movers = await Promise.all(Array.from({ length: 8 }, (_, n) => make(`m${n}`)));
    await Promise.all(
      movers.map(({ id }) =>
        units.run((unit) => tasks.move(unit, at(board.access, id), { afterId: first.id }, undefined)),
      ),
    );
    const page = parsePage((await listOfProject(board.access, query({}))).items);
    expect(new Set(page.map(({ rank }) => rank)).size).toBe(10);
    expect(page[0]?.title).toBe('first');
    expect(page.at(-1)?.title).toBe('last');
  });

  it('spreads the ranks anew before they grow too long', async () => {
    const board = await seedProject(database);
    const make = async (title: string) => parse((await tasks.create(board.access, { title }, undefined)).json);
    const anchor = await make('anchor');
    const [one, two] = [await make('one'), await make('two')];
    await database.query(sql`update tasks set rank = ${`n00000001V${'0'.repeat(95)}1`} where id = ${two.id}`);
    await units.run((unit) =>
      tasks.move(unit, at(board.access, one.id), { afterId: anchor.id, beforeId: two.id }, undefined),
    );
    const page = parsePage((await listOfProject(board.access, query({}))).items);
    const told = await database.query(sql`
      select changes from activity where project_id = ${board.access.project.id} and type = 'project.updated'`);
    expect(told).toEqual([{ changes: { ranks: {} } }]);
    expect(page.map(({ title }) => title)).toEqual(['anchor', 'one', 'two']);
    expect(Math.max(...page.map(({ rank }) => rank.length))).toBeLessThan(20);
  });
});

describe('deleting a task', () => {
  it('takes its sub-tasks along, and brings back the same ones', async () => {
    const parent = await create('To be deleted');
    const child = await create('Goes along', { parentId: parent.id });
    const gone = await create('Gone before', { parentId: parent.id });
    await units.run((unit) => tasks.delete(unit, at(world.access, gone.id), undefined));
    await units.run((unit) => tasks.delete(unit, at(world.access, parent.id), undefined));
    await expect(tasks.get(at(world.access, child.id))).rejects.toMatchObject({ code: 'not_found' });
    await units.run((unit) => tasks.restore(unit, at(world.access, parent.id)));
    expect(parse((await tasks.get(at(world.access, child.id))).json).title).toBe('Goes along');
    await expect(tasks.get(at(world.access, gone.id))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('restoring a sub-task', () => {
  it('takes it out from under a parent that is gone', async () => {
    const parent = await create('Gone for good');
    const child = await create('Comes back alone', { parentId: parent.id });
    await units.run((unit) => tasks.delete(unit, at(world.access, parent.id), undefined));
    const restored = await units.run((unit) => tasks.restore(unit, at(world.access, child.id)));
    expect(parse(restored.json)).toMatchObject({ parentId: null, title: 'Comes back alone' });
    await units.run((unit) => tasks.restore(unit, at(world.access, parent.id)));
    expect(parse((await tasks.get(at(world.access, child.id))).json).parentId).toBeNull();
  });
});

describe('listing tasks', () => {
  let board: SeededProject;

  beforeAll(async () => {
    board = await seedProject(database);
    for (let n = 0; n < 25; n += 1) {
      await tasks.create(
        board.access,
        {
          title: `Task ${n}`,
          description: n % 2 === 0 ? 'even' : 'odd',
          priority: (['none', 'low', 'high'] as const)[n % 3] ?? 'none',
          statusId: n % 4 === 0 ? board.statusIds.Done : board.statusIds.Backlog,
          assigneeIds: n % 5 === 0 ? [board.userId] : [],
          labelIds: n % 7 === 0 ? [board.labelId] : [],
          dueAt: n % 6 === 0 ? null : new Date(Date.UTC(2026, 0, 1 + (n % 10))).toISOString(),
        },
        undefined,
      );
    }
  });

  it('pages through every order without loss or repetition', async () => {
    const sorts = [
      'rank',
      '-rank',
      'dueAt',
      '-dueAt',
      'priority',
      '-priority',
      'createdAt',
      '-createdAt',
      'updatedAt',
      '-updatedAt',
    ];
    for (const sort of sorts) {
      const titles = await allTitles({ sort }, board.access);
      expect(new Set(titles).size, sort).toBe(25);
      expect(titles, sort).toHaveLength(25);
    }
  });

  it('puts tasks without a due date last, up and down', async () => {
    for (const sort of ['dueAt', '-dueAt']) {
      const page = await listOfProject(board.access, query({ sort, limit: '25' }));
      const due = parsePage(page.items).map(({ dueAt }) => dueAt);
      const dated = due.filter((dueAt) => dueAt !== null);
      expect(due.slice(dated.length).every((dueAt) => dueAt === null)).toBe(true);
      expect(dated).toEqual(sort === 'dueAt' ? dated.toSorted() : dated.toSorted().toReversed());
    }
  });

  it('filters as a plain filter over all tasks would', async () => {
    const all = parsePage((await listOfProject(board.access, query({ limit: '200' }))).items);
    const filters = fc.record(
      {
        category: fc.constantFrom('backlog', 'completed', 'backlog,completed'),
        priority: fc.constantFrom('none', 'low,high'),
        assignee: fc.constantFrom('me', 'none', 'me,none'),
        label: fc.constantFrom('none', board.labelId),
        dueBefore: fc.constantFrom('2026-01-05T00:00:00Z'),
        dueAfter: fc.constantFrom('2026-01-03T00:00:00Z'),
        overdue: fc.constantFrom('true', 'false'),
        q: fc.constantFrom('eve', 'odd task', 'tas 1'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = all.filter((task) => matches(task, filter)).map(({ title }) => title);
        expect(await allTitles(filter, board.access)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  function matches(task: Task, filter: Partial<Record<string, string>>): boolean {
    const isOverdue =
      task.dueAt !== null && Date.parse(task.dueAt) < Date.now() && !['completed', 'canceled'].includes(task.category);
    const words = `${task.title} ${task.description}`.toLowerCase().split(' ');
    const any = (list: string | undefined, holds: (word: string) => boolean) =>
      list === undefined || list.split(',').some(holds);
    return [
      any(filter['category'], (word) => task.category === word),
      any(filter['priority'], (word) => task.priority === word),
      any(filter['assignee'], (word) =>
        word === 'me' ? task.assigneeIds.includes(board.userId) : task.assigneeIds.length === 0,
      ),
      any(filter['label'], (word) => (word === 'none' ? task.labelIds.length === 0 : task.labelIds.includes(word))),
      filter['dueBefore'] === undefined ||
        (task.dueAt !== null && Date.parse(task.dueAt) < Date.parse(filter['dueBefore'])),
      filter['dueAfter'] === undefined ||
        (task.dueAt !== null && Date.parse(task.dueAt) >= Date.parse(filter['dueAfter'])),
      filter['overdue'] === undefined || (filter['overdue'] === 'true') === isOverdue,
      filter['q'] === undefined || filter['q'].split(' ').every((part) => words.some((word) => word.startsWith(part))),
    ].every(Boolean);
  }

  it('reads a page in one statement, however many tasks, people and labels are on it', async () => {
    const before = statements.length;
    await listOfProject(board.access, query({ limit: '25' }));
    expect(statements.slice(before)).toHaveLength(1);
  });

  it('refuses cursors that are forged, or of another list', async () => {
    const { nextCursor } = await listOfProject(board.access, query({ limit: '5' }));
    const attempts = [
      query({ limit: '5', sort: 'dueAt', cursor: nextCursor }),
      query({ limit: '5', priority: 'low', cursor: nextCursor }),
      query({ cursor: 'nonsense' }),
      query({ cursor: Buffer.from('["x","y"]').toString('base64url') }),
      query({ cursor: Buffer.from(JSON.stringify(['n1\u0000', world.userId, 'x'])).toString('base64url') }),
    ];
    for (const attempt of attempts) {
      await expect(listOfProject(board.access, attempt)).rejects.toMatchObject({ code: 'invalid' });
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 300 }), async (cursor) => {
        await expect(listOfProject(board.access, query({ cursor }))).rejects.toMatchObject({ code: 'invalid' });
      }),
      { numRuns: 30 },
    );
  });

  it('lists across projects only what the caller sees', async () => {
    const guest = { ...board.access, workspace: { ...board.access.workspace, role: 'guest' as const } };
    expect(parsePage((await tasks.listOfWorkspace(guest, query({}))).items)).toHaveLength(0);
    expect(parsePage((await tasks.listOfWorkspace(board.access, query({ limit: '200' }))).items)).toHaveLength(25);
    const mine = parsePage((await tasks.listOfCaller(board.access, query({ limit: '200' }))).items);
    expect(mine.every(({ assigneeIds }) => assigneeIds.includes(board.userId))).toBe(true);
    expect(mine).toHaveLength(5);
  });
});
