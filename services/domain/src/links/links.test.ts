import { taskLinkSchema } from '@taskflow/contract/tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import { createUnitOfWorkRunner } from '../core/unit-of-work.ts';
import {
  addPerson,
  addWorkspace,
  createWorld,
  inProject,
  inTask,
  waitForBlocked,
  type World,
} from '../testing/world.ts';
import { createLinkService, type LinkService } from './service.ts';

let world: World;
let links: LinkService;
let owner: WorkspaceAccess;
let member: WorkspaceAccess;

beforeAll(async () => {
  world = await createWorld();
  const units = createUnitOfWorkRunner({ database: world.database, onCommitted: () => undefined });
  links = createLinkService({ units, newId });
  owner = await addWorkspace(world.database);
  member = await addPerson(world.database, owner.workspace, 'Mia Member', 'member');
});

afterAll(() => world.close());

let projects = 0;

/** The owner's access to a new task of a new project. */
async function addTask(visibility: 'workspace' | 'private'): Promise<TaskAccess> {
  projects += 1;
  const key = `LINK${projects}`;
  const { id } = await world.run((unit) => world.projects.create(unit, owner, { name: key, key, visibility }));
  const access = await inProject(world.database, owner, id);
  return inTask(access, (await world.tasks.create(access, { title: key }, undefined)).id);
}

const link = (from: TaskAccess, to: TaskAccess, type: 'relates' | 'blocks' = 'relates') =>
  world.run((unit) => links.create(unit, from, { type, taskId: to.task.id }));
const remove = (access: TaskAccess, linkId: string) => world.run((unit) => links.delete(unit, access, linkId));
const list = async (access: TaskAccess) => taskLinkSchema.array().parse(JSON.parse((await links.list(access)).items));

describe('links between tasks', () => {
  it('are seen from both ends, and made once', async () => {
    const [one, other] = [await addTask('workspace'), await addTask('workspace')];
    const { id } = await link(one, other, 'blocks');
    expect(await list(one)).toMatchObject([{ id, direction: 'outgoing', task: { id: other.task.id } }]);
    expect(await list(other)).toMatchObject([{ id, direction: 'incoming', task: { id: one.task.id } }]);
    await expect(link(one, other, 'blocks')).rejects.toMatchObject({ code: 'conflict' });
    await remove(other, id);
    expect(await list(one)).toEqual([]);
  });

  it('to what somebody does not see are not there for them, not even to be removed', async () => {
    const [open, hidden] = [await addTask('workspace'), await addTask('private')];
    const { id } = await link(open, hidden);
    const seen = inTask(await inProject(world.database, member, open.project.id), open.task.id);
    expect(await list(seen)).toEqual([]);
    await expect(remove(seen, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await list(open)).toHaveLength(1);
  });

  it('relate two tasks once, although both ends are linked at the same time', async () => {
    const [one, other] = [await addTask('workspace'), await addTask('workspace')];
    let later: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    await world.run(async (unit) => {
      await links.create(unit, one, { type: 'relates', taskId: other.task.id });
      later = Promise.allSettled([link(other, one)]);
      await waitForBlocked(world.database, 1);
    });
    expect(await later).toMatchObject([{ reason: { code: 'conflict' } }]);
    expect(await list(one)).toHaveLength(1);
  });
});
