import { sql } from '@taskflow/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import { newSecret } from '../core/secrets.ts';
import { createMailQueue } from '../mail/mail-queue.ts';
import { addPerson, addWorkspace, createWorld, inProject, type World } from '../testing/world.ts';
import { createReminders } from './reminders.ts';

const publicUrl = 'https://taskflow.test';

let world: World;
let now: Date;
let mia: WorkspaceAccess;
let project: ProjectAccess;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  const { database } = world;
  for (const table of [
    sql`notifications`,
    sql`reminder_mornings`,
    sql`task_assignees`,
    sql`notification_preferences`,
  ]) {
    await database.query(sql`delete from ${table}`);
  }
  now = new Date('2031-06-10T08:00:30Z');
  const olga = await addWorkspace(database);
  mia = await addPerson(database, olga.workspace, 'Mia', 'member');
  await database.query(sql`
    update users set email_verified_at = now(), email = replace(email, 'example.com', 'people.dev')
    where id = ${mia.caller.userId}`);
  const { id } = await world.run((unit) =>
    world.projects.create(unit, olga, { name: 'Ops', key: 'OPS', visibility: 'workspace' }),
  );
  project = await inProject(database, olga, id);
});

const due = (title: string, dueAt: string) =>
  world.tasks.create(
    project,
    { title, dueAt: new Date(dueAt).toISOString(), assigneeIds: [mia.caller.userId] },
    undefined,
  );

const prefer = (zone: string, channels: object = {}) =>
  world.database.query(sql`
    insert into notification_preferences (user_id, time_zone, channels)
    values (${mia.caller.userId}, ${zone}, ${JSON.stringify(channels)}::jsonb)`);

const send = () =>
  createReminders({
    executor: world.database,
    units: { run: world.run },
    newId,
    mails: createMailQueue({ newId, newSecret, provider: 'smtp.test' }),
    publicUrl,
    now: () => now,
  }).send(new AbortController().signal);

const told = () =>
  world.database.query<{ kind: string; title: string }>(sql`
    select n.kind, t.title from notifications n join tasks t on t.id = n.task_id
    where n.user_id = ${mia.caller.userId} order by n.id`);

const mails = () =>
  world.database.query<{ subject: string; text: string; expires_at: Date }>(sql`
    select m.subject, m.text, j.expires_at from mails m join jobs j on j.id = m.job_id
    where m.user_id = ${mia.caller.userId} order by m.id`);

describe('reminders', () => {
  it('tell in the morning what is due within a day and what was due, once for each due date', async () => {
    await due('Was due', '2031-06-09T17:00:00Z');
    await due('Today', '2031-06-10T17:00:00Z');
    await due('Tomorrow', '2031-06-11T17:00:00Z');
    await due('Long ago', '2031-05-01T17:00:00Z');
    expect((await Promise.all([send(), send()])).reduce((one, other) => one + other)).toBe(2);
    expect(await send()).toBe(0);
    expect(await told()).toEqual([
      { kind: 'overdue', title: 'Was due' },
      { kind: 'due_soon', title: 'Today' },
    ]);
    const [mail, ...rest] = await mails();
    expect(rest).toEqual([]);
    expect(mail?.subject).toBe('A task of yours is overdue: OPS-1 Was due');
    expect(mail?.text).toContain('due Mon 9 June at 17:00');
    expect(mail?.expires_at).toEqual(new Date('2031-06-11T08:00:00Z'));
    now = new Date('2031-06-11T08:01:00Z');
    await send();
    expect((await told()).slice(2)).toEqual([
      { kind: 'overdue', title: 'Today' },
      { kind: 'due_soon', title: 'Tomorrow' },
    ]);
  });

  it('come when it is morning where the person is', async () => {
    await prefer('America/New_York');
    await due('Today', '2031-06-10T20:00:00Z');
    expect(await send()).toBe(0);
    now = new Date('2031-06-10T11:59:00Z');
    expect(await send()).toBe(0);
    now = new Date('2031-06-10T12:00:00Z');
    expect(await send()).toBe(1);
  });

  it('are made up for after an outage: one mail, and nothing that is over by now', async () => {
    const done = await due('Done', '2031-06-08T12:00:00Z');
    await due('First', '2031-06-08T12:00:00Z');
    await due('Second', '2031-06-09T12:00:00Z');
    await world.database.query(sql`update tasks set category = 'completed' where id = ${done.id}`);
    now = new Date('2031-06-10T21:00:00Z');
    await send();
    expect((await told()).map(({ title }) => title)).toEqual(['First', 'Second']);
    expect((await mails()).map(({ subject }) => subject)).toEqual(['2 tasks of yours are overdue']);
  });

  it('come anew for another due date, and only to who sees the task', async () => {
    const task = await due('Moved', '2031-06-09T12:00:00Z');
    await send();
    await world.database.query(sql`update tasks set due_at = '2031-06-10T12:00:00Z' where id = ${task.id}`);
    now = new Date('2031-06-11T08:01:00Z');
    await send();
    expect(await told()).toHaveLength(2);
    await world.database.query(sql`update tasks set due_at = '2031-06-11T12:00:00Z' where id = ${task.id}`);
    await world.database.query(sql`update projects set visibility = 'private' where id = ${project.project.id}`);
    now = new Date('2031-06-12T08:01:00Z');
    expect(await send()).toBe(0);
  });

  it('go the ways that the person chose', async () => {
    await prefer('UTC', { overdue: 'off', due_soon: 'mail' });
    await due('Was due', '2031-06-09T17:00:00Z');
    await due('Today', '2031-06-10T17:00:00Z');
    await send();
    expect((await mails()).map(({ subject }) => subject)).toEqual(['A task of yours is due soon: OPS-2 Today']);
    const shown = await world.database.query(sql`select from notifications where in_app`);
    expect(shown).toEqual([]);
  });
});
