import { problemSchema } from '@taskflow/contract/http';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { invite, joined } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;
/** A new workspace for every test. */
let id: string;

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.person('Olga');
});

beforeEach(async () => {
  id = (await owner.call('POST /workspaces', { body: { name: 'Works' } })).id;
});

afterAll(() => api.stop());

const codeOf = (answer: RawAnswer) => problemSchema.parse(answer.json).code;
const join = (name: string, role: WorkspaceRole, projectIds: string[] = []) =>
  joined(api, owner, id, { name, role, projectIds });
const setRole = (by: Person, whom: Person, role: WorkspaceRole, headers: Record<string, string> = {}) =>
  by.send('PATCH /workspaces/{id}/members/{userId}', { params: { id, userId: whom.id }, body: { role }, headers });
const remove = (by: Person, whom: Person, headers: Record<string, string> = {}) =>
  by.send('DELETE /workspaces/{id}/members/{userId}', { params: { id, userId: whom.id }, headers });
const rolesOf = async (by: Person) => {
  const { items } = await by.call('GET /workspaces/{id}/members', { params: { id } });
  return new Map(items.map(({ userId, role }) => [userId, role]));
};
const newProject = (key: string, visibility: 'workspace' | 'private' = 'workspace') =>
  owner.call('POST /workspaces/{id}/projects', { params: { id }, body: { name: key, key, visibility } });
const newTask = (projectId: string, assigneeIds: string[]) =>
  owner.call('POST /projects/{id}/tasks', { params: { id: projectId }, body: { title: 'Task', assigneeIds } });
const task = (taskId: string) => owner.call('GET /tasks/{id}', { params: { id: taskId } });

describe('the list of members', () => {
  it('shows addresses to all but guests, page by page', async () => {
    const member = await join('Mia', 'member');
    const guest = await join('Gus', 'guest');
    const people = [owner, member, guest];
    const all = await member.call('GET /workspaces/{id}/members', { params: { id } });
    expect(all.items.map(({ name, email }) => ({ name, email }))).toEqual(
      people.map(({ name, email }) => ({ name, email })),
    );
    const toGuest = await guest.call('GET /workspaces/{id}/members', { params: { id } });
    expect(toGuest.items.map(({ name, email }) => ({ name, email }))).toEqual(
      people.map(({ name }) => ({ name, email: null })),
    );
    const first = await owner.call('GET /workspaces/{id}/members', { params: { id }, query: { limit: 2 } });
    const rest = await owner.call('GET /workspaces/{id}/members', {
      params: { id },
      query: { limit: 2, cursor: first.nextCursor ?? '' },
    });
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect(rest.nextCursor).toBeNull();
  });
});

describe('changing roles', () => {
  it('is for owners and admins, and owners are for owners alone', async () => {
    const [admin, member] = [await join('Ada', 'admin'), await join('Mia', 'member')];
    expect((await setRole(member, admin, 'member')).status).toBe(403);
    expect((await setRole(admin, member, 'guest')).status).toBe(200);
    expect((await setRole(admin, member, 'admin')).status).toBe(200);
    expect((await setRole(admin, member, 'owner')).status).toBe(403);
    expect((await setRole(admin, owner, 'member')).status).toBe(403);
    expect((await remove(admin, owner)).status).toBe(403);
    expect((await setRole(owner, admin, 'owner')).json).toMatchObject({ role: 'owner', version: 2 });
    expect((await setRole(admin, owner, 'member')).status).toBe(200);
    expect((await rolesOf(owner)).get(owner.id)).toBe('member');
  });

  it('honours If-Match, and does nothing when nothing changes', async () => {
    const member = await join('Mia', 'member');
    expect((await setRole(owner, member, 'member')).json).toMatchObject({ version: 1 });
    expect((await setRole(owner, member, 'admin', { 'if-match': '"1"' })).status).toBe(200);
    expect((await setRole(owner, member, 'guest', { 'if-match': '"1"' })).status).toBe(412);
    expect((await remove(owner, member, { 'if-match': '"1"' })).status).toBe(412);
  });

  it('answers 404 for people who are not there', async () => {
    const outsider = await api.person('Otto');
    expect((await setRole(owner, outsider, 'admin')).status).toBe(404);
    expect((await remove(owner, outsider)).status).toBe(404);
    const answer = await owner.send('DELETE /workspaces/{id}/members/{userId}', { params: { id, userId: 'x' } });
    expect(answer.status).toBe(404);
  });

  it('takes people off tasks that they no longer see, and makes guests guests everywhere', async () => {
    const member = await join('Mia', 'member');
    const [open, own] = [await newProject('OPEN'), await newProject('OWN')];
    await owner.call('PUT /projects/{id}/members/{userId}', {
      params: { id: own.id, userId: member.id },
      body: { role: 'lead' },
    });
    const [lost, kept] = [await newTask(open.id, [member.id, owner.id]), await newTask(own.id, [member.id])];
    await setRole(owner, member, 'guest');
    expect(await task(lost.id)).toMatchObject({ assigneeIds: [owner.id], version: 2 });
    expect(await task(kept.id)).toMatchObject({ assigneeIds: [member.id], version: 1 });
    expect((await member.send('GET /projects/{id}', { params: { id: open.id } })).status).toBe(404);
    expect(await member.call('GET /projects/{id}', { params: { id: own.id } })).toMatchObject({ role: 'guest' });
    await setRole(owner, member, 'member');
    expect(await member.call('GET /projects/{id}', { params: { id: own.id } })).toMatchObject({ role: 'member' });
  });

  it('withdraws the invitations of whoever may no longer invite', async () => {
    const admin = await join('Ada', 'admin');
    const token = await invite(admin, id, 'admin');
    await setRole(owner, admin, 'member');
    const late = await api.person('Late');
    expect((await late.send('POST /invitations/{token}/accept', { params: { token } })).status).toBe(410);
  });
});

describe('removing people', () => {
  it('takes them off tasks and projects, and tells so', async () => {
    const member = await join('Mia', 'member');
    const project = await newProject('OPS', 'private');
    await owner.call('PUT /projects/{id}/members/{userId}', {
      params: { id: project.id, userId: member.id },
      body: { role: 'member' },
    });
    const { id: taskId } = await newTask(project.id, [member.id]);
    expect((await remove(owner, member)).status).toBe(204);
    expect(await task(taskId)).toMatchObject({ assigneeIds: [], version: 2 });
    const { items } = await owner.call('GET /projects/{id}/members', { params: { id: project.id } });
    expect(items.map(({ userId }) => userId)).toEqual([owner.id]);
    expect((await member.send('GET /workspaces/{id}', { params: { id } })).status).toBe(404);
    const activity = await owner.call('GET /workspaces/{id}/activity', { params: { id }, query: { limit: 1 } });
    expect(activity.items).toMatchObject([{ type: 'member.removed', subjectId: member.id, subject: 'Mia' }]);
  });

  it('is nothing that members may do to each other, but anybody may leave', async () => {
    const [mia, max, guest] = [await join('Mia', 'member'), await join('Max', 'member'), await join('Gus', 'guest')];
    expect((await remove(mia, max)).status).toBe(403);
    expect((await remove(guest, max)).status).toBe(403);
    expect((await remove(mia, mia)).status).toBe(204);
    expect((await remove(guest, guest)).status).toBe(204);
    expect([...(await rolesOf(owner)).keys()]).toEqual([owner.id, max.id]);
  });

  it('goes together with assigning the same person to tasks', async () => {
    const project = await newProject('RACE');
    const member = await join('Mia', 'member');
    const tasks = await Promise.all(Array.from({ length: 6 }, () => newTask(project.id, [])));
    const answers = await Promise.all([
      ...tasks.map(({ id: taskId }) =>
        owner.send('PATCH /tasks/{id}', { params: { id: taskId }, body: { assigneeIds: [member.id] } }),
      ),
      remove(owner, member),
      ...tasks.map(({ id: taskId }) =>
        owner.send('PATCH /tasks/{id}', { params: { id: taskId }, body: { assigneeIds: [member.id], title: 'x' } }),
      ),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    if (answers[6]?.status === 409) {
      expect((await remove(owner, member)).status).toBe(204);
    }
    for (const { id: taskId } of tasks) {
      expect((await task(taskId)).assigneeIds).toEqual([]);
    }
  });
});

describe('the last owner', () => {
  it('can neither leave, nor be removed, nor become less', async () => {
    for (const answer of [await setRole(owner, owner, 'admin'), await remove(owner, owner)]) {
      expect(answer.status).toBe(409);
      expect(codeOf(answer)).toBe('last_owner');
    }
    const second = await join('Second', 'owner');
    expect((await remove(owner, owner)).status).toBe(204);
    expect((await remove(second, second)).status).toBe(409);
  });

  it('stays when two owners step down, or throw each other out, at the same time', async () => {
    for (const act of [
      (a: Person, b: Person) => [setRole(a, a, 'member'), setRole(b, b, 'member')],
      (a: Person, b: Person) => [setRole(a, b, 'guest'), setRole(b, a, 'guest')],
      (a: Person, b: Person) => [remove(a, b), remove(b, a)],
      (a: Person, b: Person) => [remove(a, a), remove(b, b)],
    ]) {
      const first = await api.person('First');
      id = (await first.call('POST /workspaces', { body: { name: 'Duel' } })).id;
      const second = await joined(api, first, id, { name: 'Second', role: 'owner' });
      const answers = await Promise.all(act(first, second));
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      const witnesses = await Promise.all(
        [first, second].map((person) => person.send('GET /workspaces/{id}', { params: { id } })),
      );
      expect(witnesses.filter(({ json }) => JSON.stringify(json).includes('"owner"'))).toHaveLength(1);
    }
  });
});
