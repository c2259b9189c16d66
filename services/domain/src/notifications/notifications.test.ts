import { inboxThreadSchema } from '@taskflow/contract/notifications';
import { one, sql } from '@taskflow/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectAccess, TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import { newSecret } from '../core/secrets.ts';
import { createMailQueue } from '../mail/mail-queue.ts';
import { addPerson, addWorkspace, createWorld, inProject, inTask, type World } from '../testing/world.ts';
import { createNotificationDigest } from './digest.ts';
import { createNotificationFanOut } from './fan-out.ts';
import { tellInvited } from './invited.ts';
import { createPreferenceService } from './preferences.ts';
import { createNotificationSender } from './sender.ts';
import { createInboxService } from './service.ts';
import { createWatchService } from './watchers.ts';

const publicUrl = 'https://taskflow.test';

const signal = new AbortController().signal;

let world: World;
let now: () => Date;
let olga: WorkspaceAccess;
let mia: WorkspaceAccess;
let gus: WorkspaceAccess;
let project: ProjectAccess;
let toldUpTo: number;

beforeAll(async () => {
  world = await createWorld();
});

beforeEach(async () => {
  now = () => new Date();
  toldUpTo = 0;
  const { database } = world;
  olga = await addWorkspace(database);
  mia = await addPerson(database, olga.workspace, 'Mia', 'member');
  gus = await addPerson(database, olga.workspace, 'Gus', 'guest');
  await database.query(
    sql`update users set email_verified_at = now(), email = replace(email, 'example.com', 'people.dev')`,
  );
  const { id } = await world.run((unit) =>
    world.projects.create(unit, olga, { name: 'Ops', key: 'OPS', visibility: 'workspace' }),
  );
  project = await inProject(database, olga, id);
});

afterAll(() => world.close());

const mails = () => createMailQueue({ newId, newSecret, provider: 'smtp.test' });
const inbox = () => createInboxService({ executor: world.database });
const watchers = () => createWatchService({ executor: world.database });
const preferences = () => createPreferenceService({ executor: world.database, newSecret });
const prefer = (who: WorkspaceAccess, patch: Parameters<ReturnType<typeof preferences>['update']>[2]) =>
  world.run((unit) => preferences().update(unit, who, patch, undefined));

/** Runs the fan-out over what happened in the workspace since its last run. @param isAgain over everything once more */
function fanOut(isAgain = false): Promise<number> {
  const sender = createNotificationSender({ newId, now: () => now(), mails: mails() });
  return world.run(async (unit) => {
    const { last } = await one<{ last: number }>(
      unit,
      sql`select last_number as last from activity_counters where workspace_id = ${olga.workspace.id}`,
    );
    const range = { workspaceId: olga.workspace.id, fromNumber: isAgain ? 1 : toldUpTo + 1, toNumber: last };
    toldUpTo = last;
    return createNotificationFanOut({ sender, publicUrl }).fanOut(unit, range);
  });
}

const digest = () =>
  createNotificationDigest({
    executor: world.database,
    units: { run: world.run },
    mails: mails(),
    publicUrl,
    now: () => now(),
  }).send(signal);

async function threadsOf(who: WorkspaceAccess, unread?: boolean) {
  const page = await inbox().list(who, { limit: 50, unread });
  return inboxThreadSchema.array().parse(JSON.parse(page.items));
}

/** What somebody was told, oldest first. */
const toldTo = async (who: WorkspaceAccess) =>
  (await threadsOf(who))
    .flatMap(({ latest }) => latest)
    .toSorted((one_, other) => (one_.id < other.id ? -1 : 1))
    .map(({ kind }) => kind);

const mailsTo = (who: WorkspaceAccess) =>
  world.database.query<{ kind: string; subject: string; text: string; run_at: Date }>(sql`
    select m.kind, m.subject, m.text, j.run_at from mails m join jobs j on j.id = m.job_id
    where m.user_id = ${who.caller.userId} order by m.id`);

const as = (who: WorkspaceAccess): ProjectAccess => ({ ...project, ...who });
const createTask = (input: object = {}, title = 'Ship it') =>
  world.tasks.create(project, { title, ...input }, undefined);
const comment = (access: TaskAccess, body: string) => world.run((unit) => world.comments.create(unit, access, body));
const update = (access: TaskAccess, patch: object) =>
  world.run((unit) => world.tasks.update(unit, access, patch, undefined));
const statusNamed = async (name: string) =>
  (
    await one<{ id: string }>(
      world.database,
      sql`select id from statuses where project_id = ${project.project.id} and name = ${name}`,
    )
  ).id;

describe('people are told', () => {
  it('of what is assigned to them, when it is made and later, and never by themselves', async () => {
    const task = await createTask({ assigneeIds: [mia.caller.userId, olga.caller.userId] });
    await fanOut();
    expect(await toldTo(mia)).toEqual(['assigned']);
    expect(await toldTo(olga)).toEqual([]);
    const other = await createTask();
    await update(inTask(project, other.id), { assigneeIds: [mia.caller.userId] });
    await update(inTask(project, task.id), { assigneeIds: [mia.caller.userId] });
    await fanOut();
    expect(await toldTo(mia)).toEqual(['assigned', 'assigned']);
  });

  it('once of an event, for the strongest reason, however often it is gone through', async () => {
    const task = await createTask({ assigneeIds: [mia.caller.userId] });
    await comment(inTask(project, task.id), 'Look, @Mia');
    await update(inTask(project, task.id), { statusId: await statusNamed('Done') });
    await Promise.all([fanOut(true), fanOut(true), fanOut(true)]);
    expect(await fanOut(true)).toBe(0);
    expect(await toldTo(mia)).toEqual(['assigned', 'mentioned', 'status_changed']);
    const [thread] = await threadsOf(mia);
    expect(thread).toMatchObject({ count: 3, unreadCount: 3, task: { key: 'OPS-1', title: 'Ship it' } });
    expect(thread?.latest.map(({ statusName, excerpt }) => [statusName, excerpt])).toEqual([
      ['Done', null],
      [null, 'Look, @Mia'],
      [null, null],
    ]);
    expect((await mailsTo(mia)).map(({ subject }) => subject)).toEqual([
      'Olga Owner assigned OPS-1 to you: Ship it',
      'Olga Owner mentioned you in OPS-1: Ship it',
    ]);
  });

  it('of a mention that an edit brings, and of no other again', async () => {
    const task = await createTask();
    const made = await comment(inTask(as(mia), task.id), 'Hello');
    const access = { ...inTask(as(mia), task.id), comment: { id: made.id, authorId: mia.caller.userId } };
    await world.run((unit) => world.comments.update(unit, access, 'Hello @Olga', undefined));
    await world.run((unit) => world.comments.update(unit, access, 'Hello again @Olga', undefined));
    await fanOut();
    expect(await toldTo(olga)).toEqual(['commented', 'mentioned']);
  });

  it('of what others do to tasks that they watch, until they say otherwise', async () => {
    const task = await createTask();
    const [olgas, mias] = [inTask(project, task.id), inTask(as(mia), task.id)];
    expect(await watchers().isWatching(olgas)).toBe(true);
    expect(await watchers().isWatching(mias)).toBe(false);
    await comment(mias, 'I look at it');
    expect(await watchers().isWatching(mias)).toBe(true);
    await comment(olgas, 'Thanks');
    await fanOut();
    expect([await toldTo(olga), await toldTo(mia)]).toEqual([['commented'], ['commented']]);
    await world.run((unit) => watchers().set(unit, mias, false));
    await comment(olgas, 'Anybody there?');
    await comment(olgas, 'I mean you, @Mia');
    await fanOut();
    expect(await toldTo(mia)).toEqual(['commented', 'mentioned']);
    await world.run((unit) => watchers().set(unit, mias, true));
    await update(olgas, { statusId: await statusNamed('In progress') });
    await fanOut();
    expect(await toldTo(mia)).toEqual(['commented', 'mentioned', 'status_changed']);
  });

  it('nothing of what they do not see, then or now', async () => {
    const task = await createTask();
    const watch = (who: WorkspaceAccess) => world.run((unit) => watchers().set(unit, inTask(as(who), task.id), true));
    await watch(gus);
    await watch(mia);
    await comment(inTask(project, task.id), 'Not for guests');
    await fanOut();
    expect([await toldTo(gus), await toldTo(mia)]).toEqual([[], ['commented']]);
    await world.run((unit) => world.projects.update(unit, project, { visibility: 'private' }, undefined));
    expect(await toldTo(mia)).toEqual([]);
    expect(await inbox().countUnread(mia)).toBe(0);
  });

  it('nothing of a comment that is gone by then', async () => {
    const task = await createTask();
    const access = inTask(as(mia), task.id);
    const made = await comment(access, 'Oops');
    await world.run((unit) =>
      world.comments.remove(unit, { ...access, comment: { id: made.id, authorId: mia.caller.userId } }, undefined),
    );
    await fanOut();
    expect(await toldTo(olga)).toEqual([]);
  });

  it('that they are invited, as long as the invitation waits', async () => {
    const other = await addWorkspace(world.database, 'Otto');
    const { email } = await one<{ email: string }>(
      world.database,
      sql`select email from users where id = ${mia.caller.userId}`,
    );
    const invitationId = newId();
    await world.database.query(sql`
      insert into invitations (id, workspace_id, email, role, token_hash, invited_by, expires_at)
      values (${invitationId}, ${other.workspace.id}, ${email}, 'member', ${Buffer.from(invitationId)},
        ${other.caller.userId}, now() + interval '1 day')`);
    const invitedBy = other.caller.userId;
    const invitation = { notificationId: newId(), invitationId, workspaceId: other.workspace.id, email, invitedBy };
    await world.run((unit) => tellInvited(unit, invitation));
    expect(await threadsOf(mia)).toMatchObject([
      { task: null, workspace: { slug: other.workspace.slug }, latest: [{ kind: 'invited', actor: { name: 'Otto' } }] },
    ]);
    await world.database.query(sql`update invitations set revoked_at = now() where id = ${invitationId}`);
    expect(await threadsOf(mia)).toEqual([]);
  });
});

describe('the inbox', () => {
  it('is read page by page, by task, the newest first', async () => {
    const tasks = [];
    for (const title of ['One', 'Two', 'Three']) {
      tasks.push(await createTask({ assigneeIds: [mia.caller.userId] }, title));
    }
    await fanOut();
    await comment(inTask(project, tasks[0]?.id ?? ''), 'Again');
    await fanOut();
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await inbox().list(mia, { limit: 1, cursor });
      const [thread] = inboxThreadSchema.array().parse(JSON.parse(page.items));
      titles.push(thread?.task?.title ?? '');
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(titles).toEqual(['One', 'Three', 'Two']);
  });

  it('counts what is unread by task; reading one reads what came before it there, and nothing of others', async () => {
    const [first, second] = [await createTask(), await createTask()];
    for (const { id } of [first, second]) {
      await comment(inTask(as(mia), id), 'One');
      await comment(inTask(as(mia), id), 'Two');
    }
    await fanOut();
    expect(await inbox().countUnread(olga)).toBe(2);
    const [newest] = await threadsOf(olga);
    await world.run((unit) => inbox().read(unit, mia, [newest?.id ?? '']));
    expect(await inbox().countUnread(olga)).toBe(2);
    await world.run((unit) => inbox().read(unit, olga, [newest?.id ?? '']));
    expect(await inbox().countUnread(olga)).toBe(1);
    expect((await threadsOf(olga, true)).map(({ task }) => task?.key)).toEqual(['OPS-1']);
    expect((await threadsOf(olga)).map(({ unreadCount }) => unreadCount)).toEqual([0, 2]);
    await world.run((unit) => inbox().readAll(unit, olga));
    expect(await inbox().countUnread(olga)).toBe(0);
  });
});

describe('preferences', () => {
  it('choose the ways of each kind', async () => {
    await prefer(mia, { channels: { assigned: 'off', mentioned: 'mail', commented: 'both' } });
    const task = await createTask({ assigneeIds: [mia.caller.userId] });
    await comment(inTask(project, task.id), 'To all');
    await comment(inTask(project, task.id), 'To @Mia');
    await fanOut();
    expect(await toldTo(mia)).toEqual(['commented']);
    expect((await mailsTo(mia)).map(({ subject }) => subject)).toEqual([
      'Olga Owner commented on OPS-1: Ship it',
      'Olga Owner mentioned you in OPS-1: Ship it',
    ]);
  });

  it('say what a link in a mail turned off, until the person turns it on again', async () => {
    await world.database.query(sql`
      insert into mail_subscriptions (user_id, topic, unsubscribe_token, unsubscribed_at)
      values (${mia.caller.userId}, 'assigned', ${newSecret()}, now())`);
    const read = async () => JSON.parse((await preferences().get(mia)).json);
    expect(await read()).toMatchObject({ channels: { assigned: 'in_app', mentioned: 'both' }, version: 1 });
    await createTask({ assigneeIds: [mia.caller.userId] });
    await fanOut();
    expect([await toldTo(mia), await mailsTo(mia)]).toEqual([['assigned'], []]);
    await prefer(mia, { channels: { assigned: 'both' } });
    expect(await read()).toMatchObject({ channels: { assigned: 'both', mentioned: 'both' }, version: 2 });
  });

  it('hold mail back in quiet hours', async () => {
    now = () => new Date(Date.now() - (Date.now() % 86_400_000) + 86_400_000 + 21 * 3_600_000);
    await prefer(mia, { quietHours: { from: '22:00', until: '06:30' }, timeZone: 'Etc/GMT-2' });
    await createTask({ assigneeIds: [mia.caller.userId] });
    await world.database.query(sql`update activity set at = ${now()} where workspace_id = ${olga.workspace.id}`);
    await fanOut();
    const [mail] = await mailsTo(mia);
    expect(mail?.run_at.getTime()).toBe(now().getTime() + 7.5 * 3_600_000);
  });

  it('refuse what is based on an older version', async () => {
    await prefer(mia, { mailDelivery: 'daily' });
    const late = world.run((unit) => preferences().update(unit, mia, { mailDelivery: 'off' }, 1));
    await expect(late).rejects.toMatchObject({ code: 'stale_version' });
  });

  it('send nothing to an address that nobody has shown to be theirs', async () => {
    await world.database.query(sql`update users set email_verified_at = null where id = ${mia.caller.userId}`);
    await createTask({ assigneeIds: [mia.caller.userId] });
    await fanOut();
    expect([await toldTo(mia), await mailsTo(mia)]).toEqual([['assigned'], []]);
  });
});

describe('the digest', () => {
  const tomorrow = () => new Date(Date.now() + 86_400_000);

  it('mails once what has come together until the morning, less what was read', async () => {
    await prefer(mia, { mailDelivery: 'daily', timeZone: 'Europe/Berlin' });
    for (const title of ['Read', 'First', 'Second']) {
      await createTask({ assigneeIds: [mia.caller.userId] }, title);
    }
    await fanOut();
    expect(await mailsTo(mia)).toEqual([]);
    const seen = (await threadsOf(mia)).find(({ task }) => task?.title === 'Read');
    await world.run((unit) => inbox().read(unit, mia, [seen?.id ?? '']));
    now = () => new Date(Date.now() - 3_600_000 * 24);
    await digest();
    expect(await mailsTo(mia)).toEqual([]);
    now = tomorrow;
    await Promise.all([digest(), digest()]);
    await digest();
    const sent = await mailsTo(mia);
    expect(sent.map(({ kind, subject }) => [kind, subject])).toEqual([['digest', '2 things that are new for you']]);
    expect(sent[0]?.text).toContain(`${publicUrl}/w/${olga.workspace.slug}/t/OPS-3`);
    expect(sent[0]?.text).not.toContain('Read');
  });

  it('takes what came in masses, or long ago: nobody gets hundreds of mails', async () => {
    for (let index = 0; index < 45; index += 1) {
      await createTask({ assigneeIds: [mia.caller.userId] }, `Task ${index}`);
    }
    await fanOut();
    expect(await mailsTo(mia)).toHaveLength(20);
    now = tomorrow;
    await digest();
    expect((await mailsTo(mia)).map(({ subject }) => subject).at(-1)).toBe('25 things that are new for you');
    await createTask({ assigneeIds: [mia.caller.userId] }, 'After an outage');
    await fanOut();
    expect(await mailsTo(mia)).toHaveLength(21);
    now = () => new Date(Date.now() + 2 * 86_400_000);
    await digest();
    expect((await mailsTo(mia)).map(({ subject }) => subject).at(-1)).toBe('One thing that is new for you');
  });
});
