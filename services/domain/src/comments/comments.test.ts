import { activitySchema } from '@taskflow/contract/activity';
import { type Comment, commentSchema } from '@taskflow/contract/comments';
import { taskSchema } from '@taskflow/contract/tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { addPerson, addWorkspace, createWorld, inComment, inProject, inTask, type World } from '../testing/world.ts';

let world: World;
let owner: WorkspaceAccess;
let member: WorkspaceAccess;
let guest: WorkspaceAccess;
/** Of the same task, which stands in a private project that the member and the guest belong to. */
let asOwner: TaskAccess;
let asMember: TaskAccess;
let asGuest: TaskAccess;

beforeAll(async () => {
  world = await createWorld();
  const { database } = world;
  owner = await addWorkspace(database);
  member = await addPerson(database, owner.workspace, 'Mia Member', 'member');
  guest = await addPerson(database, owner.workspace, 'Gus Guest', 'guest');
  await addPerson(database, owner.workspace, 'Otto Outside', 'member');
  const { id } = await world.run((unit) =>
    world.projects.create(unit, owner, { name: 'Talk', key: 'TALK', visibility: 'private' }),
  );
  const access = await inProject(database, owner, id);
  for (const [person, role] of [
    [member, 'member'],
    [guest, 'guest'],
  ] as const) {
    await world.run((unit) => world.projectMembers.put(unit, access, person.caller.userId, role));
  }
  const task = await world.tasks.create(access, { title: 'Much discussed' }, undefined);
  asOwner = inTask(access, task.id);
  asMember = inTask(await inProject(database, member, id), task.id);
  asGuest = inTask(await inProject(database, guest, id), task.id);
});

afterAll(() => world.close());

const parse = (json: string): Comment => commentSchema.parse(JSON.parse(json));

async function write(access: TaskAccess, body: string): Promise<Comment> {
  return parse((await world.run((unit) => world.comments.create(unit, access, body))).json);
}

async function edit(access: TaskAccess, comment: Comment, body: string, version?: number): Promise<Comment> {
  const target = inComment(access, comment);
  return parse((await world.run((unit) => world.comments.update(unit, target, body, version))).json);
}

const remove = (access: TaskAccess, comment: Comment, version?: number) =>
  world.run((unit) => world.comments.remove(unit, inComment(access, comment), version));
const restore = (access: TaskAccess, comment: Comment) =>
  world.run((unit) => world.comments.restore(unit, inComment(access, comment)));

async function latest() {
  const { items } = await world.activity.listOfTask(asOwner, { limit: 1 });
  return activitySchema.array().parse(JSON.parse(items))[0];
}

describe('comments', () => {
  it('are kept as they were written, and tell of themselves', async () => {
    const body = '  # Hi\r\n\n<b>raw</b> & "quoted" 🎉\n';
    const comment = await write(asMember, body);
    expect(comment).toMatchObject({
      body,
      taskId: asOwner.task.id,
      projectId: asOwner.project.id,
      authorId: member.caller.userId,
      mentionIds: [],
      version: 1,
      editedAt: null,
    });
    expect(parse((await world.comments.get(inComment(asOwner, comment))).json)).toEqual(comment);
    expect(await latest()).toMatchObject({
      type: 'comment.created',
      subjectId: comment.id,
      subject: 'Much discussed',
      actorId: member.caller.userId,
    });
  });

  it('are counted by their task', async () => {
    const count = async () => taskSchema.parse(JSON.parse((await world.tasks.get(asOwner)).json)).counts.comments;
    const before = await count();
    const comment = await write(asOwner, 'One more');
    expect(await count()).toBe(before + 1);
    await remove(asOwner, comment);
    expect(await count()).toBe(before);
  });

  it('mention people who see the project, and nobody else', async () => {
    const comment = await write(asOwner, '@mia, @Gus Guest, @Otto Outside and `@Olga`');
    expect(comment.mentionIds).toEqual([member.caller.userId, guest.caller.userId].toSorted());
    expect(await latest()).toMatchObject({ changes: { mentionIds: { to: comment.mentionIds } } });
    const edited = await edit(asOwner, comment, '@Olga only');
    expect(edited.mentionIds).toEqual([owner.caller.userId]);
    expect(await latest()).toMatchObject({
      type: 'comment.updated',
      changes: { body: {}, mentionIds: { from: comment.mentionIds, to: [owner.caller.userId] } },
    });
  });

  it('are edited by their author alone', async () => {
    const comment = await write(asGuest, 'Mine');
    const edited = await edit(asGuest, comment, 'Still mine', 1);
    expect(edited).toMatchObject({ body: 'Still mine', version: 2 });
    expect(edited.editedAt).not.toBeNull();
    expect(await edit(asGuest, comment, 'Still mine', 2)).toEqual(edited);
    await expect(edit(asGuest, comment, 'Late', 1)).rejects.toMatchObject({ code: 'stale_version' });
    await expect(edit(asOwner, comment, 'Not yours')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are deleted and brought back by their author, owners and admins', async () => {
    const comment = await write(asGuest, 'Short-lived');
    await expect(remove(asMember, comment)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(remove(asGuest, comment, 5)).rejects.toMatchObject({ code: 'stale_version' });
    await remove(asOwner, comment);
    await expect(remove(asOwner, comment)).rejects.toMatchObject({ code: 'not_found' });
    await expect(edit(asGuest, comment, 'Too late')).rejects.toMatchObject({ code: 'not_found' });
    await expect(restore(asMember, comment)).rejects.toMatchObject({ code: 'forbidden' });
    expect(parse((await restore(asGuest, comment)).json)).toMatchObject({
      body: 'Short-lived',
      version: 3,
      editedAt: null,
    });
    await expect(restore(asGuest, comment)).rejects.toMatchObject({ code: 'not_found' });
    expect(await latest()).toMatchObject({ type: 'comment.restored' });
  });

  it('are listed oldest first, page by page, without those that were deleted', async () => {
    const task = await world.tasks.create(asOwner, { title: 'Long talk' }, undefined);
    const access = inTask(asOwner, task.id);
    const written: Comment[] = [];
    for (const body of ['1', '2', '3', '4', '5', '6']) {
      written.push(await write(access, body));
    }
    await remove(access, written[2] ?? expect.unreachable());
    const bodies: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.comments.list(access, { limit: 2, cursor });
      bodies.push(
        ...commentSchema
          .array()
          .parse(JSON.parse(page.items))
          .map(({ body }) => body),
      );
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(bodies).toEqual(['1', '2', '4', '5', '6']);
    const { nextCursor } = await world.comments.list(access, { limit: 2 });
    await expect(world.comments.list(asOwner, { limit: 2, cursor: nextCursor ?? '' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  it('are not written on a task that has just been deleted', async () => {
    const task = await world.tasks.create(asOwner, { title: 'Gone' }, undefined);
    const access = inTask(asOwner, task.id);
    await world.run((unit) => world.tasks.delete(unit, access, undefined));
    await expect(write(access, 'Too late')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keep one edit of two that were made of the same version', async () => {
    const comment = await write(asOwner, 'First');
    const outcomes = await Promise.allSettled([edit(asOwner, comment, 'One', 1), edit(asOwner, comment, 'Other', 1)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'stale_version' } });
  });
});
