import { problemSchema } from '@taskflow/contract/http';
import { createDatabase, type Database, sql } from '@taskflow/db';
import { newId } from '@taskflow/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { joined } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let database: Database;
let owner: Person;
let member: Person;
let workspaceId: string;
let task: { id: string; key: string };

beforeAll(async () => {
  api = await startTestApi();
  database = createDatabase({
    url: api.database.urls.app,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  owner = await api.person('Olga Owner');
  workspaceId = (await owner.call('POST /workspaces', { body: { name: 'Works' } })).id;
  const { id } = await owner.call('POST /workspaces/{id}/projects', {
    params: { id: workspaceId },
    body: { name: 'Talk', key: 'TALK' },
  });
  member = await joined(api, owner, workspaceId, { name: 'Mia Member', role: 'member' });
  task = await owner.call('POST /projects/{id}/tasks', {
    params: { id },
    body: { title: 'Paint the shed', assigneeIds: [member.id] },
  });
});

afterAll(async () => {
  await database.close();
  await api.stop();
});

const asJson = { headers: { 'content-type': 'application/json' } };
const codeOf = ({ status, json }: RawAnswer) => `${status} ${problemSchema.parse(json).code}`;

/** What the worker makes of an assignment. */
async function tell(person: Person): Promise<string> {
  const id = newId();
  await database.query(sql`
    insert into notifications (id, user_id, workspace_id, kind, thread_id, actor_id, task_id)
    values (${id}, ${person.id}, ${workspaceId}, 'assigned', ${task.id}, ${owner.id}, ${task.id})`);
  return id;
}

describe('the inbox over HTTP', () => {
  it('has what concerns the person, counts it, and is read', async () => {
    await tell(member);
    const id = await tell(member);
    expect(await member.call('GET /notifications/count')).toEqual({ unread: 1 });
    const { items } = await member.call('GET /notifications', { query: { unread: 'true' } });
    expect(items).toMatchObject([
      {
        id,
        task: { key: task.key },
        unreadCount: 2,
        latest: [{ kind: 'assigned', actor: { name: 'Olga Owner' } }, {}],
      },
    ]);
    expect((await owner.call('GET /notifications')).items).toEqual([]);
    expect(await owner.call('POST /notifications/read', { body: { ids: [id] } })).toEqual({ unread: 0 });
    expect(await member.call('GET /notifications/count')).toEqual({ unread: 1 });
    expect(await member.call('POST /notifications/read', { body: { ids: [id] } })).toEqual({ unread: 0 });
    expect((await member.call('GET /notifications', { query: { unread: 'true' } })).items).toEqual([]);
    expect((await member.call('GET /notifications')).items).toMatchObject([{ count: 2, unreadCount: 0 }]);
  });

  it('wants to know what to mark as read', async () => {
    for (const body of [{}, { ids: [] }, { ids: ['x'] }, { ids: [newId()], all: true }, { all: false }]) {
      const answer = await member.fetch('/api/v1/notifications/read', {
        ...asJson,
        method: 'POST',
        body: JSON.stringify(body),
      });
      expect(codeOf(answer)).toBe('422 invalid');
    }
  });

  it('tells who has an account that they are invited, and nobody whether they do', async () => {
    const invite = (email: string) =>
      owner.send('POST /workspaces/{id}/invitations', { params: { id: workspaceId }, body: { email, role: 'member' } });
    const stranger = await api.person('Sam Stranger');
    const [known, unknown] = [await invite(stranger.email), await invite('nobody@example.com')];
    expect([known.status, unknown.status]).toEqual([201, 201]);
    expect((await stranger.call('GET /notifications')).items).toMatchObject([
      { task: null, workspace: { id: workspaceId, name: 'Works' }, latest: [{ kind: 'invited' }] },
    ]);
  });
});

describe('preferences over HTTP', () => {
  const read = () => member.send('GET /me/preferences');

  it('are what the release says until the person chooses, by single fields and under a version', async () => {
    const first = await read();
    expect(first.headers.get('etag')).toBe('"1-"');
    expect(first.json).toMatchObject({
      channels: { assigned: 'both', commented: 'in_app' },
      timeZone: null,
      version: 1,
    });
    const quietHours = { from: '22:00', until: '07:00' };
    const saved = await member.call('PATCH /me/preferences', {
      body: { channels: { commented: 'mail' }, quietHours, timeZone: 'Europe/Berlin' },
      headers: { 'if-match': first.headers.get('etag') ?? '' },
    });
    expect(saved).toMatchObject({
      channels: { assigned: 'both', commented: 'mail' },
      mailDelivery: 'at_once',
      quietHours,
      timeZone: 'Europe/Berlin',
      version: 2,
    });
    expect((await read()).json).toEqual(saved);
    const late = await member.send('PATCH /me/preferences', {
      body: { mailDelivery: 'off' },
      headers: { 'if-match': '"1-"' },
    });
    expect(codeOf(late)).toBe('412 stale_version');
    expect(await member.call('PATCH /me/preferences', { body: { quietHours: null } })).toMatchObject({
      quietHours: null,
      timeZone: 'Europe/Berlin',
    });
  });

  it.each([
    { timeZone: 'Mars/Olympus' },
    { timeZone: null },
    { quietHours: { from: '22:00', until: '22:00' } },
    { quietHours: { from: '25:00', until: '07:00' } },
    { channels: { invited: 'off' } },
    { channels: { assigned: 'pigeon' } },
    { mailDelivery: 'weekly' },
  ])('refuse %j', async (body) => {
    const answer = await member.fetch('/api/v1/me/preferences', {
      ...asJson,
      method: 'PATCH',
      body: JSON.stringify(body),
    });
    expect(codeOf(answer)).toBe('422 invalid');
  });
});

describe('watching over HTTP', () => {
  it('begins by itself with an assignment, and is what the person says, by the key of the task too', async () => {
    const byKey = { params: { id: task.key }, query: { workspace: workspaceId } };
    const isWatching = async () => (await member.call('GET /tasks/{id}/watch', byKey)).watching;
    expect(await isWatching()).toBe(true);
    expect((await member.send('DELETE /tasks/{id}/watch', byKey)).status).toBe(204);
    expect(await isWatching()).toBe(false);
    expect((await member.send('PUT /tasks/{id}/watch', byKey)).status).toBe(204);
    expect((await member.send('PUT /tasks/{id}/watch', byKey)).status).toBe(204);
    expect(await isWatching()).toBe(true);
  });
});
