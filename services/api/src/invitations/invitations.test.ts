import { problemSchema } from '@taskflow/contract/http';
import { newInvitationSchema } from '@taskflow/contract/workspaces';
import { createDatabase, sql } from '@taskflow/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { invite, joined, statusesOf } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;
let outsider: Person;
/** A new workspace for every test. */
let id: string;

beforeAll(async () => {
  api = await startTestApi();
  [owner, outsider] = [await api.person('Olga'), await api.person('Otto')];
});

beforeEach(async () => {
  id = (await owner.call('POST /workspaces', { body: { name: 'Works' } })).id;
});

afterAll(() => api.stop());

const problemOf = (answer: RawAnswer) => problemSchema.parse(answer.json);
const newProject = (key: string, visibility: 'workspace' | 'private' = 'private') =>
  owner.call('POST /workspaces/{id}/projects', { params: { id }, body: { name: key, key, visibility } });
const create = (email: string, more: { role?: 'admin' | 'member' | 'guest'; projectIds?: string[] } = {}) =>
  owner.send('POST /workspaces/{id}/invitations', { params: { id }, body: { email, role: 'member', ...more } });
const accept = (by: Person, token: string) => by.send('POST /invitations/{token}/accept', { params: { token } });
const waiting = async () => (await owner.call('GET /workspaces/{id}/invitations', { params: { id } })).items;

describe('an invitation', () => {
  it('is a link that is shown once and good for a week', async () => {
    const answer = await create('Mia@Example.com', { role: 'admin' });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ email: 'mia@example.com', role: 'admin', projectIds: [], invitedBy: owner.id });
    const { url } = newInvitationSchema.parse(answer.json);
    expect(url).toMatch(/^http:\/\/taskflow\.test\/invite\/[\w-]{43}$/);
    const [listed] = await waiting();
    expect(Date.parse(listed?.expiresAt ?? '') - Date.parse(listed?.createdAt ?? '')).toBe(7 * 86_400_000);
    expect(JSON.stringify(listed)).not.toContain(url.split('/').at(-1));
  });

  it('tells whoever holds the link what it is for, without an account', async () => {
    const token = await invite(owner, id, 'guest');
    const preview = await api.anonymous().call('GET /invitations/{token}', { params: { token } });
    expect(preview).toMatchObject({ workspaceName: 'Works', invitedByName: 'Olga', role: 'guest' });
    expect((await api.anonymous().send('GET /invitations/{token}', { params: { token: `${token}x` } })).status).toBe(
      404,
    );
  });

  it('is for owners and admins to make, and never for an owner', async () => {
    const member = await joined(api, owner, id, { name: 'Mia', role: 'member' });
    const admin = await joined(api, owner, id, { name: 'Ada', role: 'admin' });
    const body = { email: 'x@example.com', role: 'member' } as const;
    const send = (by: Person) => by.send('POST /workspaces/{id}/invitations', { params: { id }, body });
    expect((await send(member)).status).toBe(403);
    expect((await member.send('GET /workspaces/{id}/invitations', { params: { id } })).status).toBe(403);
    expect((await send(admin)).status).toBe(201);
    expect((await send(outsider)).status).toBe(404);
    const forOwner = await owner.fetch(`/api/v1/workspaces/${id}/invitations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, role: 'owner' }),
    });
    expect(forOwner.status).toBe(422);
  });

  it('is not made for somebody who is there already', async () => {
    const answer = await create(owner.email);
    expect(answer.status).toBe(409);
    expect(problemOf(answer).code).toBe('conflict');
  });

  it('names projects that are not in the workspace', async () => {
    const own = await newProject('OWN');
    const elsewhere = await outsider.call('POST /workspaces', { body: { name: 'Elsewhere' } });
    const foreign = await outsider.call('POST /workspaces/{id}/projects', {
      params: { id: elsewhere.id },
      body: { name: 'Foreign', key: 'FOR' },
    });
    const answer = await create('x@example.com', { projectIds: [own.id, foreign.id] });
    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors?.map(({ path }) => path)).toEqual(['projectIds.1']);
  });

  it('waits until it is revoked, once, and only here', async () => {
    const tokens = [
      await invite(owner, id, 'member'),
      await invite(owner, id, 'member'),
      await invite(owner, id, 'guest'),
    ];
    const all = await waiting();
    expect(all.map(({ role }) => role)).toEqual(['guest', 'member', 'member']);
    const page = await owner.call('GET /workspaces/{id}/invitations', { params: { id }, query: { limit: 2 } });
    const rest = await owner.call('GET /workspaces/{id}/invitations', {
      params: { id },
      query: { limit: 2, cursor: page.nextCursor ?? '' },
    });
    expect([...page.items, ...rest.items]).toEqual(all);
    const params = { id, invitationId: all[0]?.id ?? '' };
    const elsewhere = await outsider.call('POST /workspaces', { body: { name: 'Elsewhere' } });
    const foreign = { ...params, id: elsewhere.id };
    expect(
      (await outsider.send('DELETE /workspaces/{id}/invitations/{invitationId}', { params: foreign })).status,
    ).toBe(404);
    expect((await owner.send('DELETE /workspaces/{id}/invitations/{invitationId}', { params })).status).toBe(204);
    expect((await owner.send('DELETE /workspaces/{id}/invitations/{invitationId}', { params })).status).toBe(404);
    expect((await accept(outsider, tokens[2] ?? '')).status).toBe(410);
    expect(await waiting()).toHaveLength(2);
  });
});

describe('accepting', () => {
  it('lets a guest into the projects of the invitation, and into no other', async () => {
    const [shown, hidden] = [await newProject('SHOW'), await newProject('HIDE', 'workspace')];
    const guest = await joined(api, owner, id, { name: 'Gus', role: 'guest', projectIds: [shown.id] });
    expect(await guest.call('GET /projects/{id}', { params: { id: shown.id } })).toMatchObject({ role: 'guest' });
    expect((await guest.send('GET /projects/{id}', { params: { id: hidden.id } })).status).toBe(404);
    const member = await joined(api, owner, id, { name: 'Mia', role: 'member', projectIds: [shown.id] });
    expect(await member.call('GET /projects/{id}', { params: { id: shown.id } })).toMatchObject({ role: 'member' });
    const activity = await owner.call('GET /workspaces/{id}/activity', { params: { id }, query: { limit: 2 } });
    expect(activity.items).toMatchObject([
      { type: 'project_member.set', projectId: shown.id, subjectId: member.id, changes: { role: { to: 'member' } } },
      { type: 'member.joined', actorId: member.id, subjectId: member.id, changes: { role: { to: 'member' } } },
    ]);
    expect(await waiting()).toEqual([]);
  });

  it('needs an account and a link that exists', async () => {
    const token = await invite(owner, id, 'member');
    expect((await api.anonymous().send('POST /invitations/{token}/accept', { params: { token } })).status).toBe(401);
    expect((await accept(outsider, 'made-up')).status).toBe(404);
    expect((await accept(outsider, '\u0000')).status).toBe(404);
  });

  it('lets in exactly one of those who follow a link at the same time', async () => {
    const token = await invite(owner, id, 'member');
    const people = await Promise.all(Array.from({ length: 5 }, (_, n) => api.person(`Racer ${n}`)));
    const answers = await Promise.all(people.map((person) => accept(person, token)));
    expect(statusesOf(answers)).toEqual([200, 410, 410, 410, 410]);
    const { items } = await owner.call('GET /workspaces/{id}/members', { params: { id } });
    expect(items).toHaveLength(2);
  });

  it('is harmless to repeat, and makes nobody less', async () => {
    const token = await invite(owner, id, 'member');
    const person = await api.person('Twice');
    const twice = await Promise.all([accept(person, token), accept(person, token)]);
    expect(twice.map(({ status }) => status)).toEqual([200, 200]);
    const project = await newProject('OPS');
    const guestLink = await invite(owner, id, 'guest', [project.id]);
    expect((await accept(person, guestLink)).json).toMatchObject({ id, role: 'member' });
    expect(await person.call('GET /projects/{id}', { params: { id: project.id } })).toMatchObject({ role: 'member' });
    expect((await accept(owner, guestLink)).json).toMatchObject({ role: 'owner' });
  });

  it('makes a guest more, in the projects that they were a guest of too', async () => {
    const project = await newProject('OPS');
    const guest = await joined(api, owner, id, { name: 'Gus', role: 'guest', projectIds: [project.id] });
    const token = await invite(owner, id, 'member');
    expect((await accept(guest, token)).json).toMatchObject({ role: 'member' });
    expect(await guest.call('GET /projects/{id}', { params: { id: project.id } })).toMatchObject({ role: 'member' });
    expect((await accept(outsider, token)).status).toBe(410);
  });

  it('is over after a week, and when the workspace is gone', async () => {
    const token = await invite(owner, id, 'member');
    const database = createDatabase({
      url: api.database.urls.owner,
      applicationName: 'test',
      pool: { max: 1, acquireTimeoutMs: 5_000 },
      statementTimeoutMs: 5_000,
      connectTimeoutMs: 5_000,
    });
    await database.query(sql`update invitations set expires_at = now() where workspace_id = ${id}`);
    expect(problemOf(await accept(outsider, token)).code).toBe('invitation_spent');
    expect(await waiting()).toEqual([]);
    await database.query(sql`update invitations set expires_at = now() + interval '1 day' where workspace_id = ${id}`);
    await database.close();
    await owner.call('DELETE /workspaces/{id}', { params: { id } });
    expect((await accept(outsider, token)).status).toBe(410);
    expect((await api.anonymous().send('GET /invitations/{token}', { params: { token } })).status).toBe(410);
  });

  it('skips projects that were deleted meanwhile', async () => {
    const project = await newProject('GONE');
    const token = await invite(owner, id, 'guest', [project.id]);
    await owner.call('DELETE /projects/{id}', { params: { id: project.id } });
    expect((await accept(await api.person('Gus'), token)).status).toBe(200);
  });
});
