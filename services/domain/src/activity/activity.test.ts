import { type Activity, activitySchema } from '@taskflow/contract/activity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import type { DocumentPage } from '../core/document.ts';
import { addPerson, addWorkspace, createWorld, inProject, inTask, type World } from '../testing/world.ts';
import { difference, isChange } from './changes.ts';

let world: World;
let owner: WorkspaceAccess;
let member: WorkspaceAccess;
let guest: WorkspaceAccess;
let open: ProjectAccess;
let secret: ProjectAccess;

beforeAll(async () => {
  world = await createWorld();
  const { database } = world;
  owner = await addWorkspace(database);
  member = await addPerson(database, owner.workspace, 'Mia', 'member');
  guest = await addPerson(database, owner.workspace, 'Gus', 'guest');
  const project = async (key: string, visibility: 'workspace' | 'private') => {
    const input = { name: key, key, visibility };
    const { id } = await world.run((unit) => world.projects.create(unit, owner, input));
    return inProject(database, owner, id);
  };
  open = await project('OPEN', 'workspace');
  secret = await project('SECRET', 'private');
  await world.tasks.create(open, { title: 'Open task' }, undefined);
  await world.tasks.create(secret, { title: 'Secret task' }, undefined);
  await world.run((unit) => world.labels.create(unit, owner, { name: 'bug' }));
  await world.run(async (unit) => {
    for (const { caller } of [member, guest]) {
      unit.record({
        workspaceId: owner.workspace.id,
        type: 'member.joined',
        actorId: caller.userId,
        subjectId: caller.userId,
      });
    }
  });
});

afterAll(() => world.close());

const parse = ({ items }: DocumentPage): Activity[] => activitySchema.array().parse(JSON.parse(items));
const told = (entries: Activity[]) => entries.map(({ type, subject }) => `${type} ${subject ?? ''}`.trim());

const ofWorkspace = async (access: WorkspaceAccess) =>
  told(parse(await world.activity.listOfWorkspace(access, { limit: 50 })));

describe('the activity of a workspace', () => {
  it('tells owners everything, newest first', async () => {
    expect(await ofWorkspace(owner)).toEqual([
      'member.joined',
      'member.joined',
      'label.created bug',
      'task.created Secret task',
      'task.created Open task',
      'project.created SECRET',
      'project.created OPEN',
    ]);
  });

  it('tells members nothing of projects that they do not see', async () => {
    const entries = await ofWorkspace(member);
    expect(entries).toHaveLength(5);
    expect(entries.filter((entry) => /secret/i.test(entry))).toEqual([]);
  });

  it('tells guests of their projects, and not who comes and goes', async () => {
    expect(await ofWorkspace(guest)).toEqual(['member.joined', 'label.created bug']);
    await world.run((unit) => world.projectMembers.put(unit, secret, guest.caller.userId, 'guest'));
    expect(await ofWorkspace(guest)).toContain('task.created Secret task');
  });

  it('still tells of a project that was deleted', async () => {
    await world.run((unit) => world.projects.remove(unit, open, undefined));
    expect((await ofWorkspace(member))[0]).toBe('project.deleted OPEN');
    await world.run((unit) => world.projects.restore(unit, open));
  });

  it('is read page by page, each entry once', async () => {
    const numbers: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.activity.listOfWorkspace(owner, { limit: 2, cursor });
      numbers.push(...parse(page).map(({ number }) => number));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => numbers.length - index));
  });

  it('refuses cursors of other lists and forged ones', async () => {
    const { nextCursor } = await world.activity.listOfWorkspace(owner, { limit: 1 });
    const forged = Buffer.from(JSON.stringify(['1; drop', owner.workspace.id, 'x'])).toString('base64url');
    for (const cursor of [nextCursor ?? '', forged, 'nonsense', '']) {
      await expect(world.activity.listOfProject(open, { limit: 1, cursor })).rejects.toMatchObject({ code: 'invalid' });
    }
  });
});

describe('the activity of a project and of a task', () => {
  it('is their own', async () => {
    expect(told(parse(await world.activity.listOfProject(open, { limit: 50 }))).slice(-2)).toEqual([
      'task.created Open task',
      'project.created OPEN',
    ]);
    const task = await world.tasks.create(open, { title: 'Talkative' }, undefined);
    await world.run((unit) => world.comments.create(unit, inTask(open, task.id), 'Hello'));
    expect(told(parse(await world.activity.listOfTask(inTask(open, task.id), { limit: 50 })))).toEqual([
      'comment.created Talkative',
      'task.created Talkative',
    ]);
  });
});

describe('difference', () => {
  it('names what a patch really changes, long texts without their values', () => {
    const current = { name: 'a', position: 1, description: 'long' };
    const { next, changes } = difference(current, { name: 'b', position: 1, description: 'longer' }, ['description']);
    expect(next).toEqual({ name: 'b', position: 1, description: 'longer' });
    expect(changes).toEqual({ name: { from: 'a', to: 'b' }, description: {} });
    expect(isChange(difference(current, { name: undefined, position: 1 }).changes)).toBe(false);
  });
});
