import { activitySchema } from '@taskflow/contract/activity';
import { type Status, statusSchema } from '@taskflow/contract/projects';
import { type Task, taskSchema } from '@taskflow/contract/tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import {
  addPerson,
  addWorkspace,
  createWorld,
  inProject,
  inTask,
  type World,
  waitForBlocked,
} from '../testing/world.ts';

let world: World;
let owner: WorkspaceAccess;
let keys = 0;

beforeAll(async () => {
  world = await createWorld();
  owner = await addWorkspace(world.database);
});

afterAll(() => world.close());

async function project(): Promise<ProjectAccess> {
  keys += 1;
  const input = { name: 'Board', key: `S${keys}` };
  const { id } = await world.run((unit) => world.projects.create(unit, owner, input));
  return inProject(world.database, owner, id);
}

async function board(access: ProjectAccess): Promise<Status[]> {
  return statusSchema.array().parse(JSON.parse((await world.statuses.list(access)).items));
}

async function statusOf(access: ProjectAccess, name: string): Promise<Status> {
  const status = (await board(access)).find((candidate) => candidate.name === name);
  expect(status).toBeDefined();
  return status ?? expect.unreachable();
}

const names = async (access: ProjectAccess) => (await board(access)).map(({ name }) => name);
const positions = async (access: ProjectAccess) => (await board(access)).map(({ position }) => position);

async function update(access: ProjectAccess, name: string, patch: object, version?: number): Promise<Status> {
  const { id } = await statusOf(access, name);
  const { json } = await world.run((unit) => world.statuses.update(unit, access, id, patch, version));
  return statusSchema.parse(JSON.parse(json));
}

const remove = (access: ProjectAccess, id: string, moveTo?: string) =>
  world.run((unit) => world.statuses.remove(unit, access, id, { moveTo }));

async function addTask(access: ProjectAccess, statusId: string): Promise<Task> {
  return taskSchema.parse(JSON.parse((await world.tasks.create(access, { title: 'Task', statusId }, undefined)).json));
}

async function read(access: ProjectAccess, task: Task): Promise<Task> {
  return taskSchema.parse(JSON.parse((await world.tasks.get(inTask(access, task.id))).json));
}

describe('creating a status', () => {
  it('puts it last, or where it is wanted, and the others make room', async () => {
    const access = await project();
    const create = (name: string, position?: number) =>
      world.run((unit) => world.statuses.create(unit, access, { name, category: 'started', position }));
    expect(statusSchema.parse(JSON.parse((await create('Last')).json))).toMatchObject({
      position: 5,
      color: '#d9822b',
      version: 1,
    });
    await create('Second', 1);
    await create('Far', 99);
    expect(await names(access)).toEqual([
      'Backlog',
      'Second',
      'To do',
      'In progress',
      'Done',
      'Canceled',
      'Last',
      'Far',
    ]);
    expect(await positions(access)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await expect(create('to DO')).rejects.toMatchObject({ code: 'name_taken' });
  });

  it('is not for members who do not lead the project', async () => {
    const access = await project();
    const member = await inProject(
      world.database,
      await addPerson(world.database, owner.workspace, 'Mia', 'member'),
      access.project.id,
    );
    const input = { name: 'No', category: 'started' } as const;
    await expect(world.run((unit) => world.statuses.create(unit, member, input))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('ends at fifty, however many come at the same time', async () => {
    const access = await project();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 47 }, (_, index) =>
        world.run((unit) => world.statuses.create(unit, access, { name: `Status ${index}`, category: 'backlog' })),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'conflict' } },
      { reason: { code: 'conflict' } },
    ]);
    expect(await positions(access)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});

describe('changing a status', () => {
  it('makes only those newer that really change', async () => {
    const access = await project();
    const changed = await update(access, 'In progress', { position: 1, color: '#000000' }, 1);
    expect(changed).toMatchObject({ position: 1, color: '#000000', version: 2 });
    expect((await board(access)).map(({ name, version }) => `${name} ${version}`)).toEqual([
      'Backlog 1',
      'In progress 2',
      'To do 2',
      'Done 1',
      'Canceled 1',
    ]);
    expect(await update(access, 'Backlog', { position: 0, name: 'Backlog' }, 1)).toMatchObject({ version: 1 });
    await expect(update(access, 'To do', { name: 'Next' }, 1)).rejects.toMatchObject({ code: 'stale_version' });
    await expect(update(access, 'To do', { name: 'backlog' })).rejects.toMatchObject({ code: 'name_taken' });
  });

  it('keeps one order when two are moved at the same time', async () => {
    const access = await project();
    await Promise.all([
      update(access, 'Backlog', { position: 4 }),
      update(access, 'Canceled', { position: 0 }),
      update(access, 'Done', { position: 2 }),
    ]);
    expect(await positions(access)).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(await names(access)).size).toBe(5);
  });

  it('gives its category to its tasks, and completes them or not', async () => {
    const access = await project();
    const { id } = await statusOf(access, 'In progress');
    const task = await addTask(access, id);
    await update(access, 'In progress', { category: 'completed' });
    const completed = await read(access, task);
    expect(completed).toMatchObject({ category: 'completed', version: 2 });
    expect(completed.completedAt).not.toBeNull();
    await update(access, 'In progress', { category: 'started' });
    expect(await read(access, task)).toMatchObject({ category: 'started', version: 3, completedAt: null });
  });

  it('finds only statuses of its project', async () => {
    const [access, other] = [await project(), await project()];
    const { id } = await statusOf(other, 'Done');
    for (const statusId of [id, newId(), 'nonsense']) {
      await expect(
        world.run((unit) => world.statuses.update(unit, access, statusId, { name: 'X' }, undefined)),
      ).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('deleting a status', () => {
  it('closes the gap on the board', async () => {
    const access = await project();
    await remove(access, (await statusOf(access, 'To do')).id);
    expect(await names(access)).toEqual(['Backlog', 'In progress', 'Done', 'Canceled']);
    expect(await positions(access)).toEqual([0, 1, 2, 3]);
  });

  it('moves its tasks where they are sent, and each of them tells', async () => {
    const access = await project();
    const [from, to] = [await statusOf(access, 'To do'), await statusOf(access, 'Done')];
    const task = await addTask(access, from.id);
    await expect(remove(access, from.id)).rejects.toMatchObject({ code: 'conflict' });
    for (const moveTo of [from.id, newId(), (await statusOf(await project(), 'Done')).id]) {
      await expect(remove(access, from.id, moveTo)).rejects.toMatchObject({
        code: 'invalid',
        fields: [{ path: 'query.moveTo' }],
      });
    }
    await remove(access, from.id, to.id);
    const moved = await read(access, task);
    expect(moved).toMatchObject({ statusId: to.id, category: 'completed', version: 2 });
    expect(moved.completedAt).not.toBeNull();
    const { items } = await world.activity.listOfTask(inTask(access, task.id), { limit: 1 });
    expect(activitySchema.array().parse(JSON.parse(items))).toMatchObject([
      { type: 'task.moved', changes: { statusId: { from: from.id, to: to.id } } },
    ]);
  });

  it('leaves deleted tasks a status to come back to', async () => {
    const access = await project();
    const task = await addTask(access, (await statusOf(access, 'To do')).id);
    const inIt = inTask(access, task.id);
    await world.run((unit) => world.tasks.delete(unit, inIt, undefined));
    await remove(access, (await statusOf(access, 'To do')).id);
    const { json } = await world.run((unit) => world.tasks.restore(unit, inIt));
    expect(await names(access)).toHaveLength(4);
    expect((await board(access)).map(({ id }) => id)).toContain(taskSchema.parse(JSON.parse(json)).statusId);
  });

  it('leaves at least one, however many are deleted at the same time', async () => {
    const access = await project();
    const outcomes = await Promise.allSettled((await board(access)).map(({ id }) => remove(access, id)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'conflict' } }]);
    expect(await names(access)).toHaveLength(1);
  });

  it('waits for a task that is on its way into it', async () => {
    const access = await project();
    const [from, gone, to] = [
      await statusOf(access, 'Backlog'),
      await statusOf(access, 'To do'),
      await statusOf(access, 'Done'),
    ];
    const task = await addTask(access, from.id);
    let removing: Promise<void> = Promise.resolve();
    await world.run(async (unit) => {
      await world.tasks.move(unit, inTask(access, task.id), { statusId: gone.id }, undefined);
      removing = remove(access, gone.id, to.id);
      await waitForBlocked(world.database, 1);
    });
    await removing;
    expect(await read(access, task)).toMatchObject({ statusId: to.id, category: 'completed' });
  });

  it('lets no task in while it is going', async () => {
    const access = await project();
    const [from, gone] = [await statusOf(access, 'Backlog'), await statusOf(access, 'To do')];
    const task = await addTask(access, from.id);
    let entering: Promise<unknown> = Promise.resolve();
    await world.run(async (unit) => {
      await world.statuses.remove(unit, access, gone.id, {});
      entering = Promise.allSettled([
        world.run((other) => world.tasks.move(other, inTask(access, task.id), { statusId: gone.id }, undefined)),
        addTask(access, gone.id),
      ]);
      await waitForBlocked(world.database, 2);
    });
    expect(await entering).toMatchObject([{ reason: { code: 'invalid' } }, { reason: { code: 'invalid' } }]);
    expect(await read(access, task)).toMatchObject({ statusId: from.id, version: 1 });
  });

  it('never leaves a task behind, whoever moves where meanwhile', async () => {
    const access = await project();
    const statuses = await board(access);
    const ids = statuses.map(({ id }) => id);
    const tasks = await Promise.all(ids.flatMap((id) => [addTask(access, id), addTask(access, id)]));
    const moves = tasks.flatMap((task, index) =>
      [1, 2].map((step) =>
        world.run((unit) =>
          world.tasks.move(unit, inTask(access, task.id), { statusId: ids[(index + step) % 5] }, undefined),
        ),
      ),
    );
    const removals = [remove(access, ids[1] ?? '', ids[3]), remove(access, ids[2] ?? '', ids[4])];
    const outcomes = await Promise.allSettled([...moves, ...removals]);
    const failures = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'invalid' });
    }
    const live = new Map((await board(access)).map(({ id, category }) => [id, category]));
    expect(live.size).toBe(3);
    for (const task of tasks) {
      const { statusId, category } = await read(access, task);
      expect(live.get(statusId)).toBe(category);
    }
  });
});
