import { type SearchHit, searchHitSchema } from '@taskflow/contract/search';
import { taskListQuery, taskSchema } from '@taskflow/contract/tasks';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { readAs } from '../access/reading.ts';
import { addPerson, addWorkspace, createWorld, inProject, inTask, type World } from '../testing/world.ts';

let world: World;
let owner: WorkspaceAccess;
let member: WorkspaceAccess;
let guest: WorkspaceAccess;
let ops: ProjectAccess;
let secret: ProjectAccess;
const ids: Record<string, string> = {};

async function project(access: WorkspaceAccess, name: string, key: string, input: object = {}): Promise<ProjectAccess> {
  const { id } = await world.run((unit) => world.projects.create(unit, access, { name, key, ...input }));
  return inProject(world.database, access, id);
}

async function task(access: ProjectAccess, title: string, description = ''): Promise<string> {
  const { id } = await world.tasks.create(access, { title, description }, undefined);
  ids[title] = id;
  return id;
}

const comment = (access: ProjectAccess, taskId: string, body: string) =>
  world.run((unit) => world.comments.create(unit, inTask(access, taskId), body));

async function find(q: string, access = owner, limit = 20): Promise<SearchHit[]> {
  const { items, nextCursor } = await world.search.find(access, { q, limit });
  expect(nextCursor).toBeNull();
  return searchHitSchema.array().parse(JSON.parse(items));
}

const text = (segments: SearchHit['title']) =>
  segments.map((segment) => (segment.match ? `[${segment.text}]` : segment.text)).join('');
const lines = (hits: SearchHit[]) => hits.map(({ kind, key, title }) => `${kind} ${key} ${text(title)}`);

beforeAll(async () => {
  world = await createWorld();
  owner = await addWorkspace(world.database);
  member = await addPerson(world.database, owner.workspace, 'Mia', 'member');
  guest = await addPerson(world.database, owner.workspace, 'Gus', 'guest');
  ops = await project(owner, 'Operations', 'OPS', { description: 'Keeps the lighthouse running' });
  secret = await project(owner, 'Zeppelin plans', 'ZEP', { visibility: 'private' });
  const login = await task(ops, 'Fix the login page', 'The lamp of the lighthouse blinks.\n\n- really');
  await task(ops, 'Lighthouse keeper wanted');
  await task(ops, 'Élan vital — ЖУК', `${'padding '.repeat(60)}needle ${'padding '.repeat(60)}`);
  await task(secret, 'Lighthouse in the sky', 'zeppelin');
  await comment(ops, login, 'Is it the **lighthouse** again? 42 times & counting');
  await comment(secret, ids['Lighthouse in the sky'] ?? '', 'zeppelin comment');
});

afterAll(() => world.close());

describe('search', () => {
  it('finds tasks, projects and comments, titles before descriptions before comments', async () => {
    expect(lines(await find('lighthouse', member))).toEqual([
      'task OPS-2 [Lighthouse] keeper wanted',
      'task OPS-1 Fix the login page',
      'project OPS Operations',
      'comment OPS-1 Fix the login page',
    ]);
  });

  it('finds words by their beginnings, every one of them, whatever the case', async () => {
    expect(lines(await find('LIGHTH keeper', member))).toEqual(['task OPS-2 [Lighthouse] [keeper] wanted']);
    expect(lines(await find('éLA жу'))).toEqual(['task OPS-3 [Élan] vital — [ЖУК]']);
    expect(await find('house')).toEqual([]);
    expect(await find('lighthouse nowhere')).toEqual([]);
  });

  it('shows the text around a match, marked, in one line', async () => {
    const [inDescription] = await find('blink');
    expect(text(inDescription?.excerpt ?? [])).toBe('The lamp of the lighthouse [blinks]. - really');
    const [far] = await find('needle');
    expect(text(far?.excerpt ?? [])).toMatch(/^… (padding ){5,8}\[needle\] (padding ){10,25}padding…$/);
    const [inComment] = (await find('counting')).filter(({ kind }) => kind === 'comment');
    expect(inComment).toMatchObject({ kind: 'comment', taskId: ids['Fix the login page'], category: 'backlog' });
    expect(text(inComment?.excerpt ?? [])).toBe('Is it the **lighthouse** again? 42 times & [counting]');
  });

  it('finds a task that is called by its key or number first', async () => {
    for (const q of ['OPS-1', 'ops-1', '1', '#1']) {
      expect((await find(q, member))[0]).toMatchObject({ kind: 'task', key: 'OPS-1', id: ids['Fix the login page'] });
    }
    for (let number = 4; number <= 42; number += 1) {
      await task(ops, `Task ${number}`);
    }
    expect((await find('42'))[0]).toMatchObject({ kind: 'task', key: 'OPS-42' });
    expect((await find('42')).at(-1)).toMatchObject({ kind: 'comment' });
    expect(await find('OPS-99999')).toEqual([]);
  });

  it('finds a project by its key, and by keys that it had', async () => {
    expect((await find('zep'))[0]).toMatchObject({ kind: 'project', key: 'ZEP', taskId: null, category: null });
    const renamed = await project(owner, 'Renamed', 'OLD');
    await task(renamed, 'Carried over');
    await world.run((unit) => world.projects.update(unit, renamed, { key: 'NEW' }, undefined));
    expect((await find('old'))[0]).toMatchObject({ kind: 'project', key: 'NEW' });
    expect((await find('OLD-1'))[0]).toMatchObject({ kind: 'task', key: 'NEW-1' });
  });

  it('answers what the caller sees, and at most so many', async () => {
    expect(await find('zeppelin', member)).toEqual([]);
    expect(await find('ZEP-1', member)).toEqual([]);
    expect(await find('ZEP', member)).toEqual([]);
    expect(await find('lighthouse', guest)).toEqual([]);
    expect(await find('lighthouse', await addWorkspace(world.database))).toEqual([]);
    expect((await find('zeppelin')).map(({ kind }) => kind).toSorted()).toEqual(['comment', 'project', 'task']);
    expect(await find('task', owner, 7)).toHaveLength(7);
    await world.run((unit) => world.projectMembers.put(unit, secret, guest.caller.userId, 'guest'));
    expect(await find('zeppelin', guest)).toHaveLength(3);
  });

  it('forgets what was deleted', async () => {
    const gone = await task(ops, 'Ephemeral');
    await comment(ops, gone, 'ephemeral too');
    expect(await find('ephemeral')).toHaveLength(2);
    await world.run((unit) => world.tasks.delete(unit, inTask(ops, gone), undefined));
    expect(await find('ephemeral')).toEqual([]);
    const project_ = await project(owner, 'Ephemeral as well', 'EPH');
    await world.run((unit) => world.projects.remove(unit, project_, undefined));
    expect(await find('ephemeral')).toEqual([]);
    expect(await find('EPH')).toEqual([]);
  });

  it('takes any text without an error, and marks nothing that is not there', async () => {
    await task(ops, `Odd '"\\ :* & | ! ( ) <-> 🎉 %_ [x] {1} $ ^ ?`, 'C:\\temp\\x a.b+c *bold*');
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        ...Array.from(`'"\\:*&|!()<->🎉%_[]{}$^?.+/#@`),
        '\u0000',
        'odd',
        'temp',
        'a.b+c',
        'http://x.y/z',
        '-1',
        '1e9',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const hits = await find(pieces.join(''));
        expect(hits.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the text filter of lists', () => {
  it('finds tasks by title, description and comments', async () => {
    const titles = async (q: string) => {
      const listed = world.tasks.listOfProject(ops.project.id, taskListQuery.parse({ q }));
      const { items } = await readAs(world.database, ops, listed);
      return taskSchema
        .array()
        .parse(JSON.parse(items))
        .map(({ title }) => title);
    };
    expect(await titles('LOGI pag')).toEqual(['Fix the login page']);
    expect(await titles('counting')).toEqual(['Fix the login page']);
    expect(await titles('needle')).toEqual(['Élan vital — ЖУК']);
    expect(await titles('lighthouse')).toEqual(['Fix the login page', 'Lighthouse keeper wanted']);
    expect(await titles('!!! |&')).toEqual([]);
  });
});
