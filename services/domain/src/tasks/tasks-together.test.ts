import { activitySchema } from '@taskflow/contract/activity';
import { taskSchema } from '@taskflow/contract/tasks';
import { sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectAccess, TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import {
  addPerson,
  addWorkspace,
  createWorld,
  inProject,
  inTask,
  waitForBlocked,
  type World,
} from '../testing/world.ts';

let world: World;
let owner: WorkspaceAccess;
let access: ProjectAccess;

beforeAll(async () => {
  world = await createWorld();
  owner = await addWorkspace(world.database);
  access = await addProject('OPS');
});

afterAll(() => world.close());

async function addProject(key: string): Promise<ProjectAccess> {
  const { id } = await world.run((unit) => world.projects.create(unit, owner, { name: key, key }));
  return inProject(world.database, owner, id);
}

async function add(title: string, parentId?: string): Promise<TaskAccess> {
  const { id } = await world.tasks.create(access, { title, ...(parentId !== undefined && { parentId }) }, undefined);
  return inTask(access, id);
}

const read = async (task: TaskAccess) => taskSchema.parse(JSON.parse((await world.tasks.get(task)).json));

async function latest(limit: number) {
  const { items } = await world.activity.listOfProject(access, { limit });
  return activitySchema.array().parse(JSON.parse(items));
}

describe('what happens to a task and its sub-tasks', () => {
  it('is told of each of them, when they are deleted and when they come back', async () => {
    const root = await add('Root');
    const branch = await add('Branch', root.task.id);
    const leaf = await add('Leaf', branch.task.id);
    const tree = [
      { taskId: root.task.id, subject: 'Root' },
      { taskId: branch.task.id, subject: 'Branch' },
      { taskId: leaf.task.id, subject: 'Leaf' },
    ];
    await world.run((unit) => world.tasks.delete(unit, root, undefined));
    const gone = await latest(3);
    expect(gone.map(({ type }) => type)).toEqual(['task.deleted', 'task.deleted', 'task.deleted']);
    expect(gone).toEqual(expect.arrayContaining(tree.map((task) => expect.objectContaining(task))));
    await world.run((unit) => world.tasks.restore(unit, root));
    const back = await latest(3);
    expect(back.map(({ type }) => type)).toEqual(['task.restored', 'task.restored', 'task.restored']);
    expect(back).toEqual(expect.arrayContaining(tree.map((task) => expect.objectContaining(task))));
  });

  it('never makes a circle, although two put one below the other at the same time', async () => {
    const [one, other] = [await add('One'), await add('Other')];
    const below = (task: TaskAccess, parent: TaskAccess) =>
      world.run((unit) => world.tasks.update(unit, task, { parentId: parent.task.id }, undefined));
    let later: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    await world.run(async (unit) => {
      await world.tasks.update(unit, one, { parentId: other.task.id }, undefined);
      later = Promise.allSettled([below(other, one)]);
      await waitForBlocked(world.database, 1);
    });
    expect(await later).toMatchObject([{ reason: { code: 'invalid', fields: [{ path: 'parentId' }] } }]);
    expect((await read(one)).parentId).toBe(other.task.id);
  });
});

describe('two who say at the same time whose a task is', () => {
  it('come one after the other: what the later one said holds, and is told as the change that it was', async () => {
    const task = await add('Wanted');
    const [first, second] = [
      await addPerson(world.database, owner.workspace, 'Fay First', 'member'),
      await addPerson(world.database, owner.workspace, 'Sam Second', 'member'),
    ];
    const give = (unit: UnitOfWork, to: WorkspaceAccess) =>
      world.tasks.update(unit, task, { assigneeIds: [to.caller.userId] }, undefined);
    let later: Promise<unknown> = Promise.resolve();
    await world.run(async (unit) => {
      await give(unit, first);
      later = world.run((other) => give(other, second));
      await waitForBlocked(world.database, 1);
    });
    await later;
    expect((await read(task)).assigneeIds).toEqual([second.caller.userId]);
    expect((await latest(1))[0]?.changes).toEqual({
      assigneeIds: { from: [first.caller.userId], to: [second.caller.userId] },
    });
  });
});

describe('a place among others', () => {
  it('names each neighbour that is no task of the project', async () => {
    const elsewhere = await world.tasks.create(await addProject('ELSE'), { title: 'Elsewhere' }, undefined);
    const [task, neighbour] = [await add('Moved'), await add('Neighbour')];
    for (const beforeId of [elsewhere.id, newId(), task.task.id]) {
      const place = { afterId: neighbour.task.id, beforeId };
      await expect(world.run((unit) => world.tasks.move(unit, task, place, undefined))).rejects.toMatchObject({
        code: 'invalid',
        fields: [{ path: 'beforeId' }],
      });
    }
  });
});

describe('somebody who leaves just as a task is given to them', () => {
  it('is refused as a conflict, whether the task is new or not', async () => {
    const task = await add('Given away');
    const leaver = await addPerson(world.database, owner.workspace, 'Lea Leaver', 'member');
    const assigneeIds = [leaver.caller.userId];
    let given: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    await world.database.transaction(async (tx) => {
      await tx.query(sql`
        delete from memberships where workspace_id = ${owner.workspace.id} and user_id = ${leaver.caller.userId}`);
      given = Promise.allSettled([
        world.tasks.create(access, { title: 'Never', assigneeIds }, undefined),
        world.run((unit) => world.tasks.update(unit, task, { assigneeIds }, undefined)),
      ]);
      await waitForBlocked(world.database, 2);
    });
    expect(await given).toMatchObject([{ reason: { code: 'conflict' } }, { reason: { code: 'conflict' } }]);
    expect((await read(task)).assigneeIds).toEqual([]);
  });
});
