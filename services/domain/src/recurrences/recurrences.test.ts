import { one, sql } from '@taskflow/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import { addPerson, addWorkspace, createWorld, inProject, inTask, type World } from '../testing/world.ts';
import { createContinuation } from './continuation.ts';
import { createRecurrenceService } from './service.ts';

let world: World;
let now: Date;
let mia: WorkspaceAccess;
let project: ProjectAccess;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.database.query(sql`delete from task_recurrences`);
  now = new Date('2031-06-02T12:00:00Z');
  const olga = await addWorkspace(world.database);
  mia = await addPerson(world.database, olga.workspace, 'Mia', 'member');
  const { id } = await world.run((unit) =>
    world.projects.create(unit, olga, { name: 'Ops', key: 'OPS', visibility: 'workspace' }),
  );
  project = await inProject(world.database, olga, id);
});

const service = () => createRecurrenceService({ executor: world.database });
const continuation = () => createContinuation({ units: { run: world.run }, newId, now: () => now });
const everything = () => continuation().continueAll(new AbortController().signal);

const weekly = { rule: 'FREQ=WEEKLY;BYDAY=MO', mode: 'completion', timeZone: 'Europe/Berlin' } as const;
const repeat = (taskId: string, recurrence: Parameters<ReturnType<typeof service>['put']>[2] = weekly) =>
  world.run((unit) => service().put(unit, inTask(project, taskId), recurrence));
const create = (input: object) =>
  world.tasks.create(project, { title: 'Water the plants', dueAt: '2031-06-02T07:00:00.000Z', ...input }, undefined);

async function complete(taskId: string): Promise<void> {
  const { id } = await one<{ id: string }>(
    world.database,
    sql`select id from statuses where project_id = ${project.project.id} and name = 'Done'`,
  );
  await world.run((unit) => world.tasks.update(unit, inTask(project, taskId), { statusId: id }, undefined));
}

/** Goes through everything that happened in the workspace, as the fan-out does. */
const fanOut = () =>
  world.run(async (unit) => {
    const { id: workspaceId } = project.workspace;
    const { last } = await one<{ last: number }>(
      unit,
      sql`select last_number as last from activity_counters where workspace_id = ${workspaceId}`,
    );
    return continuation().fanOut(unit, { workspaceId, fromNumber: 1, toNumber: last });
  });

const tasks = () =>
  world.database.query<{
    id: string;
    number: number;
    title: string;
    due: string | null;
    status: string;
    parent: number | null;
  }>(sql`
    select t.id, t.number, t.title, rfc3339(t.due_at) as due, s.name as status, above.number as parent
    from tasks t join statuses s on s.id = t.status_id left join tasks above on above.id = t.parent_id
    where t.project_id = ${project.project.id} order by t.number`);

describe('a task that repeats', () => {
  it('comes again once it is completed, with its sub-tasks, labels and people, and repeats from there', async () => {
    const { id: labelId } = await world.run((unit) => world.labels.create(unit, project, { name: 'green' }));
    const { id } = await create({ labelIds: [labelId], assigneeIds: [mia.caller.userId], priority: 'high' });
    const { id: below } = await create({ title: 'Fill the can', parentId: id, dueAt: '2031-06-01T07:00:00.000Z' });
    await create({ title: 'Find the tap', parentId: below, dueAt: null, labelIds: [labelId] });
    await repeat(id);
    await complete(id);
    expect(await Promise.all([fanOut(), fanOut(), everything()]).then((made) => made.reduce((a, b) => a + b))).toBe(1);
    expect(await fanOut()).toBe(0);
    const [, , , next, ...rest] = await tasks();
    expect(next).toMatchObject({
      number: 4,
      title: 'Water the plants',
      due: '2031-06-09T07:00:00.000Z',
      status: 'Backlog',
    });
    expect(rest).toMatchObject([
      { number: 5, title: 'Fill the can', due: '2031-06-08T07:00:00.000Z', parent: 4 },
      { number: 6, title: 'Find the tap', due: null, parent: 5 },
    ]);
    const copied = await one(
      world.database,
      sql`
        select t.priority::text, array(select user_id from task_assignees a where a.task_id = t.id) as people,
          array(select label_id from task_labels l where l.task_id = t.id) as labels
        from tasks t where t.id = ${next?.id ?? ''}`,
    );
    expect(copied).toEqual({ priority: 'high', people: [mia.caller.userId], labels: [labelId] });
    expect(await service().get(inTask(project, id))).toBeNull();
    expect(await service().get(inTask(project, next?.id ?? ''))).toEqual(weekly);
    await complete(next?.id ?? '');
    now = new Date('2031-06-30T12:00:00Z');
    expect(await fanOut()).toBe(1);
    expect((await tasks())[6]).toMatchObject({ due: '2031-07-07T07:00:00.000Z' });
  });

  it('comes again on schedule when it is due, done or not, and once after an outage', async () => {
    const { id } = await create({});
    await repeat(id, { ...weekly, mode: 'schedule' });
    now = new Date('2031-06-02T06:59:00Z');
    expect(await everything()).toBe(0);
    now = new Date('2031-06-20T12:00:00Z');
    const made = await Promise.all([everything(), everything()]);
    expect(made.toSorted((left, right) => left - right)).toEqual([0, 1]);
    expect(await everything()).toBe(0);
    expect((await tasks()).map(({ due }) => due)).toEqual(['2031-06-02T07:00:00.000Z', '2031-06-23T07:00:00.000Z']);
  });

  it('ends with its rule, and when it is told to', async () => {
    const { id } = await create({});
    await repeat(id, { ...weekly, rule: 'FREQ=DAILY;COUNT=2' });
    await complete(id);
    expect(await fanOut()).toBe(1);
    const last = (await tasks())[1]?.id ?? '';
    now = new Date('2031-06-03T12:00:00Z');
    await complete(last);
    expect(await fanOut()).toBe(0);
    expect(await service().get(inTask(project, last))).toBeNull();
    const { id: other } = await create({});
    await repeat(other);
    await world.run((unit) => service().remove(unit, inTask(project, other)));
    await complete(other);
    expect(await everything()).toBe(0);
  });

  it('does not come again when it was deleted', async () => {
    const { id } = await create({});
    await repeat(id);
    await complete(id);
    await world.run((unit) => world.tasks.delete(unit, inTask(project, id), undefined));
    expect(await everything()).toBe(0);
  });

  it('needs a due date to count from, and a rule that has a date after it', async () => {
    const { id } = await create({ dueAt: null });
    await expect(repeat(id)).rejects.toMatchObject({ code: 'invalid' });
    const { id: other } = await create({});
    for (const rule of ['FREQ=DAILY;COUNT=1', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=WEEKLY;BYDAY=XX']) {
      await expect(repeat(other, { ...weekly, rule })).rejects.toMatchObject({ code: 'invalid' });
    }
  });
});
