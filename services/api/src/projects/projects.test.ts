import { problemSchema } from '@taskflow/contract/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { joined, statusesOf } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;
let member: Person;
let guest: Person;
let outsider: Person;
let workspace: string;
let keys = 0;

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.person('Olga');
  outsider = await api.person('Otto');
  workspace = (await owner.call('POST /workspaces', { body: { name: 'Works' } })).id;
  member = await joined(api, owner, workspace, { name: 'Mia', role: 'member' });
  guest = await joined(api, owner, workspace, { name: 'Gus', role: 'guest' });
});

afterAll(() => api.stop());

const codeOf = ({ status, json }: RawAnswer) => `${status} ${problemSchema.parse(json).code}`;
const pathsOf = ({ json }: RawAnswer) => problemSchema.parse(json).errors?.map(({ path }) => path);

function newProject(by: Person = owner, more: { visibility?: 'private' } = {}) {
  keys += 1;
  return by.call('POST /workspaces/{id}/projects', {
    params: { id: workspace },
    body: { name: `Project ${keys}`, key: `k${keys}`, ...more },
  });
}

describe('projects over HTTP', () => {
  it('are created with a Location that leads to them, by id and by key', async () => {
    const answer = await owner.send('POST /workspaces/{id}/projects', {
      params: { id: workspace },
      body: { name: '  Operations ', key: 'ops' },
    });
    expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"1-lead"']);
    const again = await owner.fetch(answer.headers.get('location') ?? '');
    expect(again.json).toEqual(answer.json);
    expect(again.json).toMatchObject({ name: 'Operations', key: 'OPS', role: 'lead', visibility: 'workspace' });
    const byKey = await member.call('GET /projects/{id}', { params: { id: 'ops' }, query: { workspace } });
    expect(byKey).toMatchObject({ name: 'Operations', role: null });
    const cached = await owner.send('GET /projects/{id}', {
      params: { id: byKey.id },
      headers: { 'if-none-match': '"1-lead"' },
    });
    expect([cached.status, cached.text]).toEqual([304, '']);
  });

  it('have keys of their own: the second of two at the same time is told so', async () => {
    const send = () =>
      owner.send('POST /workspaces/{id}/projects', { params: { id: workspace }, body: { name: 'Race', key: 'RACE' } });
    const answers = await Promise.all([send(), send(), send()]);
    expect(statusesOf(answers)).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused && [codeOf(refused), pathsOf(refused)]).toEqual(['409 key_taken', ['key']]);
  });

  it('name every field that is wrong', async () => {
    const answer = await owner.fetch(`/api/v1/workspaces/${workspace}/projects`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: '\u0000', key: '4X', color: 'red', visibility: 'open', extra: 1 }),
    });
    expect(answer.status).toBe(422);
    expect(pathsOf(answer)?.toSorted()).toEqual(['color', 'extra', 'key', 'name', 'visibility']);
  });

  it('change by If-Match, and keep leading by their old key', async () => {
    const project = await newProject();
    const params = { id: project.id };
    const patch = (body: object, version: number) =>
      owner.send('PATCH /projects/{id}', { params, body, headers: { 'if-match': `"${version}-lead"` } });
    expect((await patch({ key: 'FRESH' }, 1)).headers.get('etag')).toBe('"2-lead"');
    expect(codeOf(await patch({ name: 'Late' }, 1))).toBe('412 stale_version');
    const old = await owner.call('GET /projects/{id}', { params: { id: project.key }, query: { workspace } });
    expect(old).toMatchObject({ id: project.id, key: 'FRESH' });
  });

  it('are missing to whoever does not see them, and forbidden to whoever only looks', async () => {
    const { id } = await newProject(owner, { visibility: 'private' });
    const open = await newProject();
    for (const person of [member, guest, outsider]) {
      expect(codeOf(await person.send('GET /projects/{id}', { params: { id } }))).toBe('404 not_found');
      expect(codeOf(await person.send('DELETE /projects/{id}', { params: { id } }))).toBe('404 not_found');
    }
    expect(codeOf(await member.send('DELETE /projects/{id}', { params: { id: open.id } }))).toBe('403 forbidden');
    const listed = await member.call('GET /workspaces/{id}/projects', {
      params: { id: workspace },
      query: { limit: 200 },
    });
    expect(listed.items.map((item) => item.id)).toContain(open.id);
    expect(listed.items.map((item) => item.id)).not.toContain(id);
  });

  it('are deleted and restored with what is in them', async () => {
    const { id } = await newProject();
    const task = await owner.call('POST /projects/{id}/tasks', { params: { id }, body: { title: 'Inside' } });
    await owner.call('DELETE /projects/{id}', { params: { id } });
    expect(codeOf(await owner.send('GET /tasks/{id}', { params: { id: task.id } }))).toBe('404 not_found');
    expect(codeOf(await member.send('POST /projects/{id}/restore', { params: { id } }))).toBe('403 forbidden');
    await owner.call('POST /projects/{id}/restore', { params: { id } });
    expect(await owner.call('GET /tasks/{id}', { params: { id: task.id } })).toMatchObject({ title: 'Inside' });
  });
});

describe('people of projects over HTTP', () => {
  it('come and go, and see the project meanwhile', async () => {
    const { id } = await newProject(owner, { visibility: 'private' });
    const params = { id, userId: guest.id };
    const wrong = await owner.send('PUT /projects/{id}/members/{userId}', { params, body: { role: 'lead' } });
    expect([wrong.status, pathsOf(wrong)]).toEqual([422, ['role']]);
    const stranger = await owner.send('PUT /projects/{id}/members/{userId}', {
      params: { id, userId: outsider.id },
      body: { role: 'guest' },
    });
    expect([stranger.status, pathsOf(stranger)]).toEqual([422, ['path.userId']]);
    await owner.call('PUT /projects/{id}/members/{userId}', { params, body: { role: 'guest' } });
    expect(await guest.call('GET /projects/{id}', { params: { id } })).toMatchObject({ role: 'guest' });
    const { items } = await guest.call('GET /projects/{id}/members', { params: { id } });
    expect(items.map(({ name, role }) => `${name} ${role}`)).toEqual(['Gus guest', 'Olga lead']);
    expect(codeOf(await guest.send('DELETE /projects/{id}/members/{userId}', { params }))).toBe('403 forbidden');
    await owner.call('DELETE /projects/{id}/members/{userId}', { params });
    expect(codeOf(await guest.send('GET /projects/{id}', { params: { id } }))).toBe('404 not_found');
    expect(codeOf(await owner.send('DELETE /projects/{id}/members/{userId}', { params }))).toBe('404 not_found');
  });
});

describe('statuses and labels over HTTP', () => {
  it('move tasks with a status that goes, and say where they may not go', async () => {
    const { id } = await newProject();
    const { items } = await owner.call('GET /projects/{id}/statuses', { params: { id } });
    const [first, second] = items.map((status) => status.id);
    const task = await owner.call('POST /projects/{id}/tasks', { params: { id }, body: { title: 'Moves' } });
    const params = { id, statusId: first ?? '' };
    expect(codeOf(await owner.send('DELETE /projects/{id}/statuses/{statusId}', { params }))).toBe('409 conflict');
    const nowhere = await owner.send('DELETE /projects/{id}/statuses/{statusId}', {
      params,
      query: { moveTo: first },
    });
    expect([nowhere.status, pathsOf(nowhere)]).toEqual([422, ['query.moveTo']]);
    await owner.call('DELETE /projects/{id}/statuses/{statusId}', { params, query: { moveTo: second } });
    expect(await owner.call('GET /tasks/{id}', { params: { id: task.id } })).toMatchObject({
      statusId: second,
      category: 'unstarted',
      version: 2,
    });
  });

  it('are ordered by position, whoever moves them meanwhile', async () => {
    const { id } = await newProject();
    const { items } = await owner.call('GET /projects/{id}/statuses', { params: { id } });
    await Promise.all(
      items.map((status, index) =>
        owner.call('PATCH /projects/{id}/statuses/{statusId}', {
          params: { id, statusId: status.id },
          body: { position: 4 - index },
        }),
      ),
    );
    const after = await owner.call('GET /projects/{id}/statuses', { params: { id } });
    expect(after.items.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4]);
    const created = await owner.send('POST /projects/{id}/statuses', {
      params: { id },
      body: { name: 'Review', category: 'started', position: 0 },
    });
    expect(created.status).toBe(201);
    const taken = await owner.send('POST /projects/{id}/statuses', {
      params: { id },
      body: { name: 'review', category: 'started' },
    });
    expect([codeOf(taken), pathsOf(taken)]).toEqual(['409 name_taken', ['name']]);
  });

  it('take a deleted label off its tasks', async () => {
    const params = { id: workspace };
    const label = await member.call('POST /workspaces/{id}/labels', { params, body: { name: 'Bug' } });
    const { id } = await newProject();
    const task = await owner.call('POST /projects/{id}/tasks', {
      params: { id },
      body: { title: 'Labelled', labelIds: [label.id] },
    });
    expect(codeOf(await guest.send('POST /workspaces/{id}/labels', { params, body: { name: 'No' } }))).toBe(
      '403 forbidden',
    );
    const patched = await member.send('PATCH /workspaces/{id}/labels/{labelId}', {
      params: { id: workspace, labelId: label.id },
      body: { color: '#ABCDEF' },
    });
    expect([patched.headers.get('etag'), patched.json]).toMatchObject(['"2"', { color: '#abcdef', version: 2 }]);
    await member.call('DELETE /workspaces/{id}/labels/{labelId}', { params: { id: workspace, labelId: label.id } });
    expect(await owner.call('GET /tasks/{id}', { params: { id: task.id } })).toMatchObject({
      labelIds: [],
      version: 2,
    });
  });
});
