import { activitySchema } from '@taskflow/contract/activity';
import { taskSchema } from '@taskflow/contract/tasks';
import { type Label, labelSchema } from '@taskflow/contract/workspaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
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

beforeAll(async () => {
  world = await createWorld();
  owner = await addWorkspace(world.database);
});

afterAll(() => world.close());

const parse = (json: string): Label => labelSchema.parse(JSON.parse(json));

async function create(name: string, color?: string, access = owner): Promise<Label> {
  return parse((await world.run((unit) => world.labels.create(unit, access, { name, color }))).json);
}

async function update(label: Label, patch: object, version?: number): Promise<Label> {
  return parse((await world.run((unit) => world.labels.update(unit, owner, label.id, patch, version))).json);
}

const remove = (label: Label, version?: number) =>
  world.run((unit) => world.labels.remove(unit, owner, label.id, version));

async function list(access = owner): Promise<string[]> {
  return labelSchema
    .array()
    .parse(JSON.parse((await world.labels.list(access)).items))
    .map(({ name }) => name);
}

async function taskWith(label: Label, key: string) {
  const { id } = await world.run((unit) => world.projects.create(unit, owner, { name: key, key }));
  const access = await inProject(world.database, owner, id);
  const task = await world.tasks.create(access, { title: 'Labelled', labelIds: [label.id] }, undefined);
  return inTask(access, task.id);
}

describe('labels', () => {
  it('are listed by name, in their own workspace only', async () => {
    const access = await addWorkspace(world.database);
    await create('beta', '#ff0000', access);
    const alpha = await create('Alpha', undefined, access);
    expect(alpha).toMatchObject({ workspaceId: access.workspace.id, color: '#8a8f98', version: 1 });
    expect(await list(access)).toEqual(['Alpha', 'beta']);
    await expect(
      world.run((unit) => world.labels.update(unit, owner, alpha.id, { name: 'Mine' }, undefined)),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('have names of their own, whatever the case, also when two come at the same time', async () => {
    const outcomes = await Promise.allSettled([create('Straße'), create('STRAßE')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'name_taken' } });
    const other = await create('Other');
    await expect(update(other, { name: 'straße' })).rejects.toMatchObject({ code: 'name_taken' });
    await expect(update(other, { name: 'OTHER' })).resolves.toMatchObject({ name: 'OTHER', version: 2 });
  });

  it('count a version for a change, and none for a repetition', async () => {
    const label = await create('Versioned');
    expect(await update(label, { color: '#112233' }, 1)).toMatchObject({ color: '#112233', version: 2 });
    expect(await update(label, { color: '#112233' }, 2)).toMatchObject({ version: 2 });
    await expect(update(label, { color: '#000000' }, 1)).rejects.toMatchObject({ code: 'stale_version' });
  });

  it('are written by members, not by guests', async () => {
    const member = await addPerson(world.database, owner.workspace, 'Mia', 'member');
    const guest = await addPerson(world.database, owner.workspace, 'Gus', 'guest');
    await expect(create('By a member', undefined, member)).resolves.toMatchObject({ name: 'By a member' });
    await expect(create('By a guest', undefined, guest)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await list(guest)).toContain('By a member');
  });

  it('come off every task when they are deleted, and their name is free', async () => {
    const label = await create('Short-lived');
    const task = await taskWith(label, 'LAB');
    await expect(remove(label, 7)).rejects.toMatchObject({ code: 'stale_version' });
    await remove(label, 1);
    expect(taskSchema.parse(JSON.parse((await world.tasks.get(task)).json))).toMatchObject({
      labelIds: [],
      version: 2,
    });
    const { items } = await world.activity.listOfWorkspace(owner, { limit: 1 });
    expect(activitySchema.array().parse(JSON.parse(items))).toMatchObject([
      { type: 'label.deleted', subjectId: label.id, subject: 'Short-lived' },
    ]);
    await expect(remove(label)).rejects.toMatchObject({ code: 'not_found' });
    await expect(create('Short-lived')).resolves.toMatchObject({ version: 1 });
  });

  it('are missing when nobody knows the id', async () => {
    for (const labelId of [newId(), 'nonsense']) {
      await expect(world.run((unit) => world.labels.remove(unit, owner, labelId, undefined))).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  it('cannot be put on a task while they are being deleted', async () => {
    const label = await create('Going');
    const task = await taskWith(await create('Staying'), 'LAC');
    let adding: Promise<unknown> = Promise.resolve();
    await world.run(async (unit) => {
      await world.labels.remove(unit, owner, label.id, undefined);
      adding = Promise.allSettled([
        world.run((other) => world.tasks.update(other, task, { labelIds: [label.id] }, undefined)),
      ]);
      await waitForBlocked(world.database, 1);
    });
    expect(await adding).toMatchObject([{ reason: { code: 'invalid', fields: [{ path: 'labelIds' }] } }]);
    expect(taskSchema.parse(JSON.parse((await world.tasks.get(task)).json)).labelIds).toHaveLength(1);
  });
});
