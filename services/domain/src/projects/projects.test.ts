import { activitySchema } from '@taskflow/contract/activity';
import { projectMemberSchema, projectSchema, statusSchema } from '@taskflow/contract/projects';
import { taskSchema } from '@taskflow/contract/tasks';
import { one, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import { addPerson, addWorkspace, createWorld, inProject, inTask, type World } from '../testing/world.ts';

let world: World;
let owner: WorkspaceAccess;
let member: WorkspaceAccess;
let guest: WorkspaceAccess;

beforeAll(async () => {
  world = await createWorld();
  owner = await addWorkspace(world.database);
  member = await addPerson(world.database, owner.workspace, 'Mia Member', 'member');
  guest = await addPerson(world.database, owner.workspace, 'Gus Guest', 'guest');
});

afterAll(() => world.close());

const parse = (json: string) => projectSchema.parse(JSON.parse(json));
const parseMembers = (json: string) => projectMemberSchema.array().parse(JSON.parse(json));
let keys = 0;
const newKey = () => {
  keys += 1;
  return `P${keys}`;
};

async function create(access: WorkspaceAccess, input: object = {}): Promise<ProjectAccess> {
  const key = newKey();
  const document = await world.run((unit) => world.projects.create(unit, access, { name: key, key, ...input }));
  return inProject(world.database, access, document.id);
}

const update = (access: ProjectAccess, patch: object, version?: number) =>
  world.run((unit) => world.projects.update(unit, access, patch, version));

async function latest(access: ProjectAccess) {
  const { items } = await world.activity.listOfProject(access, { limit: 1 });
  return activitySchema.array().parse(JSON.parse(items))[0];
}

describe('creating a project', () => {
  it('makes the caller its lead and gives it the usual statuses', async () => {
    const document = await world.run((unit) =>
      world.projects.create(unit, member, { name: 'Operations', key: 'OPS', visibility: 'private' }),
    );
    const project = parse(document.json);
    expect(project).toMatchObject({ key: 'OPS', name: 'Operations', visibility: 'private', role: 'lead', version: 1 });
    expect(document.etag).toBe('1-lead');
    const access = await inProject(world.database, member, project.id);
    const statuses = statusSchema.array().parse(JSON.parse((await world.statuses.list(access)).items));
    expect(statuses.map(({ name, position }) => `${position} ${name}`)).toEqual([
      '0 Backlog',
      '1 To do',
      '2 In progress',
      '3 Done',
      '4 Canceled',
    ]);
    expect(await latest(access)).toMatchObject({ type: 'project.created', subject: 'Operations' });
    const task = await world.tasks.create(access, { title: 'First' }, undefined);
    expect(taskSchema.parse(JSON.parse(task.json)).key).toBe('OPS-1');
  });

  it('is not for guests', async () => {
    await expect(create(guest)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('refuses a key that is used, or was, in the workspace, and in no other', async () => {
    const access = await create(owner, { key: 'TAKEN' });
    await expect(create(owner, { key: 'TAKEN' })).rejects.toMatchObject({ code: 'key_taken' });
    await update(access, { key: 'MOVED' });
    await expect(create(owner, { key: 'TAKEN' })).rejects.toMatchObject({ code: 'key_taken' });
    const elsewhere = await addWorkspace(world.database);
    await expect(create(elsewhere, { key: 'TAKEN' })).resolves.toMatchObject({ project: { key: 'TAKEN' } });
  });

  it('gives a key to one of two who want it at the same time', async () => {
    const outcomes = await Promise.allSettled([create(owner, { key: 'RACE' }), create(member, { key: 'RACE' })]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'key_taken' } });
  });
});

describe('listing projects', () => {
  it('shows by name what each person sees, page by page', async () => {
    const access = await addWorkspace(world.database);
    const [insider, outsider] = [
      await addPerson(world.database, access.workspace, 'In', 'member'),
      await addPerson(world.database, access.workspace, 'Out', 'guest'),
    ];
    await create(access, { name: 'beta' });
    await create(access, { name: 'Alpha' });
    await create(access, { name: 'Gamma', visibility: 'private' });
    const names = async (who: WorkspaceAccess) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await world.projects.list(who, { limit: 2, cursor });
        found.push(
          ...projectSchema
            .array()
            .parse(JSON.parse(page.items))
            .map(({ name }) => name),
        );
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return found;
    };
    expect(await names(access)).toEqual(['Alpha', 'beta', 'Gamma']);
    expect(await names(insider)).toEqual(['Alpha', 'beta']);
    expect(await names(outsider)).toEqual([]);
  });

  it('refuses the cursor of another list', async () => {
    const elsewhere = await addWorkspace(world.database);
    await create(elsewhere);
    await create(elsewhere);
    const { nextCursor } = await world.projects.list(elsewhere, { limit: 1 });
    await expect(world.projects.list(owner, { limit: 1, cursor: nextCursor ?? '' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

describe('changing a project', () => {
  it('counts a version for a change, and none for a repetition', async () => {
    const access = await create(owner, { description: 'Old' });
    const changed = parse((await update(access, { name: 'New', description: 'Long text' }, 1)).json);
    expect(changed).toMatchObject({ name: 'New', description: 'Long text', version: 2 });
    expect(await latest(access)).toMatchObject({
      type: 'project.updated',
      changes: { name: { from: access.project.key, to: 'New' }, description: {} },
    });
    expect(parse((await update(access, { name: 'New' }, 2)).json).version).toBe(2);
    await expect(update(access, { name: 'Newer' }, 1)).rejects.toMatchObject({ code: 'stale_version' });
  });

  it('is for owners, admins and its lead', async () => {
    const access = await create(member);
    await expect(update(access, { name: 'By its lead' })).resolves.toMatchObject({ id: access.project.id });
    const other = await inProject(world.database, member, (await create(owner)).project.id);
    await expect(update(other, { name: 'No' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('renames the key of every task, and the old key goes on leading here', async () => {
    const access = await create(owner);
    const task = await world.tasks.create(access, { title: 'One' }, undefined);
    const before = taskSchema.parse(JSON.parse(task.json));
    const key = newKey();
    await update(access, { key });
    const after = taskSchema.parse(JSON.parse((await world.tasks.get(inTask(access, task.id))).json));
    expect(after).toMatchObject({ key: `${key}-1`, version: 2, updatedAt: before.updatedAt });
    const { count } = await one<{ count: number }>(
      world.database,
      sql`select count(*)::int as count from project_keys where project_id = ${access.project.id}`,
    );
    expect(count).toBe(2);
    await expect(update(access, { key: access.project.key })).resolves.toMatchObject({ etag: '3-lead' });
  });

  it('gives a key to one of two projects that are renamed to it at the same time', async () => {
    const [one_, other] = [await create(owner), await create(owner)];
    const key = newKey();
    const outcomes = await Promise.allSettled([update(one_, { key }), update(other, { key })]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'key_taken' } });
  });

  it('lets nobody swap keys by renaming at the same time', async () => {
    const [one_, other] = [await create(owner), await create(owner)];
    const outcomes = await Promise.allSettled([
      update(one_, { key: other.project.key }),
      update(other, { key: one_.project.key }),
    ]);
    expect(outcomes).toMatchObject([{ reason: { code: 'key_taken' } }, { reason: { code: 'key_taken' } }]);
  });
});

describe('deleting a project', () => {
  it('hides it until it is restored, and keeps its key', async () => {
    const access = await create(owner);
    await world.run((unit) => world.projects.remove(unit, access, 1));
    await expect(world.projects.get(access)).rejects.toMatchObject({ code: 'not_found' });
    await expect(update(access, { name: 'Gone' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(create(owner, { key: access.project.key })).rejects.toMatchObject({ code: 'key_taken' });
    const restored = await world.run((unit) => world.projects.restore(unit, access));
    expect(parse(restored.json)).toMatchObject({ key: access.project.key, version: 3 });
    await expect(world.run((unit) => world.projects.restore(unit, access))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('people of a project', () => {
  const put = (access: ProjectAccess, userId: string, role: 'lead' | 'member' | 'guest') =>
    world.run((unit) => world.projectMembers.put(unit, access, userId, role));
  const remove = (access: ProjectAccess, userId: string) =>
    world.run((unit) => world.projectMembers.remove(unit, access, userId));

  it('are added, changed and taken out', async () => {
    const access = await create(owner);
    const { json } = await put(access, member.caller.userId, 'member');
    expect(projectMemberSchema.parse(JSON.parse(json))).toMatchObject({ name: 'Mia Member', role: 'member' });
    await put(access, member.caller.userId, 'lead');
    expect(await latest(access)).toMatchObject({
      type: 'project_member.set',
      subjectId: member.caller.userId,
      subject: 'Mia Member',
      changes: { role: { from: 'member', to: 'lead' } },
    });
    const members = parseMembers((await world.projectMembers.list(access)).items);
    expect(members.map(({ name, role }) => [name, role])).toEqual([
      ['Mia Member', 'lead'],
      ['Olga Owner', 'lead'],
    ]);
    await remove(access, member.caller.userId);
    await expect(remove(access, member.caller.userId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await latest(access)).toMatchObject({ type: 'project_member.removed' });
  });

  it('says nothing new when a role is repeated', async () => {
    const access = await create(owner);
    await put(access, owner.caller.userId, 'lead');
    expect(await latest(access)).toMatchObject({ type: 'project.created' });
  });

  it('come from the workspace, its guests as guests', async () => {
    const access = await create(owner);
    const stranger = await addWorkspace(world.database);
    await expect(put(access, stranger.caller.userId, 'guest')).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ path: 'path.userId' }],
    });
    await expect(put(access, 'nobody', 'guest')).rejects.toMatchObject({ code: 'invalid' });
    await expect(put(access, guest.caller.userId, 'member')).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ path: 'role' }],
    });
    await expect(put(access, guest.caller.userId, 'guest')).resolves.toMatchObject({ id: guest.caller.userId });
  });

  it('are taken off its tasks when they no longer see it, and not otherwise', async () => {
    for (const [visibility, expected] of [
      ['private', []],
      ['workspace', [member.caller.userId]],
    ] as const) {
      const access = await create(owner, { visibility });
      await put(access, member.caller.userId, 'member');
      const task = await world.tasks.create(
        access,
        { title: 'Theirs', assigneeIds: [member.caller.userId] },
        undefined,
      );
      await remove(access, member.caller.userId);
      const { json } = await world.tasks.get(inTask(access, task.id));
      expect(taskSchema.parse(JSON.parse(json)).assigneeIds).toEqual(expected);
    }
  });

  it('are taken off its tasks when it becomes private and they are none of its own', async () => {
    const access = await create(owner);
    const stranger = await addPerson(world.database, owner.workspace, 'Sam Stranger', 'member');
    await put(access, member.caller.userId, 'member');
    const assigneeIds = [owner, member, stranger].map(({ caller }) => caller.userId);
    const [task, other] = [
      await world.tasks.create(access, { title: 'Shared', assigneeIds }, undefined),
      await world.tasks.create(access, { title: 'Untouched', assigneeIds: assigneeIds.slice(0, 2) }, undefined),
    ];
    await update(access, { visibility: 'private' });
    const read = async ({ id }: { id: string }) =>
      taskSchema.parse(JSON.parse((await world.tasks.get(inTask(access, id))).json));
    expect(await read(task)).toMatchObject({ assigneeIds: assigneeIds.slice(0, 2), version: 2 });
    expect(await read(other)).toMatchObject({ assigneeIds: assigneeIds.slice(0, 2), version: 1 });
  });

  it('are changed by whoever leads, not by members', async () => {
    const access = await create(owner);
    await put(access, member.caller.userId, 'member');
    const asMember = await inProject(world.database, member, access.project.id);
    await expect(put(asMember, newId(), 'guest')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(remove(asMember, owner.caller.userId)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
