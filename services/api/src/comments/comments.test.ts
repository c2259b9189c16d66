import { problemSchema } from '@taskflow/contract/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { joined } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;
let member: Person;
let guest: Person;
let workspace: string;
let task: { id: string; key: string };

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.person('Olga Owner');
  workspace = (await owner.call('POST /workspaces', { body: { name: 'Works' } })).id;
  const { id } = await owner.call('POST /workspaces/{id}/projects', {
    params: { id: workspace },
    body: { name: 'Talk', key: 'TALK', visibility: 'private' },
  });
  task = await owner.call('POST /projects/{id}/tasks', { params: { id }, body: { title: 'Paint the shed' } });
  member = await joined(api, owner, workspace, { name: 'Mia Member', role: 'member' });
  guest = await joined(api, owner, workspace, { name: 'Gus Guest', role: 'guest', projectIds: [id] });
});

afterAll(() => api.stop());

const codeOf = ({ status, json }: RawAnswer) => `${status} ${problemSchema.parse(json).code}`;
const comment = (by: Person, body: string) =>
  by.call('POST /tasks/{id}/comments', { params: { id: task.id }, body: { body } });

describe('comments over HTTP', () => {
  it('are written by guests of the project, by the key of the task too', async () => {
    const answer = await guest.send('POST /tasks/{id}/comments', {
      params: { id: task.key },
      query: { workspace },
      body: { body: 'What **colour**, @olga?' },
    });
    expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"1"']);
    expect(answer.json).toMatchObject({ body: 'What **colour**, @olga?', mentionIds: [owner.id] });
    expect((await owner.fetch(answer.headers.get('location') ?? '')).json).toEqual(answer.json);
  });

  it('are missing to whoever does not see the project', async () => {
    const { id } = await comment(owner, 'Hidden');
    expect(codeOf(await member.send('GET /comments/{id}', { params: { id } }))).toBe('404 not_found');
    expect(codeOf(await member.send('GET /tasks/{id}/comments', { params: { id: task.id } }))).toBe('404 not_found');
    expect(codeOf(await owner.send('GET /comments/{id}', { params: { id: 'nonsense' } }))).toBe('404 not_found');
  });

  it('are edited by their author, deleted by admins, and restored', async () => {
    const { id } = await comment(guest, 'Green');
    const params = { id };
    const edit = (by: Person, version: number) =>
      by.send('PATCH /comments/{id}', { params, body: { body: 'Blue' }, headers: { 'if-match': `"${version}"` } });
    expect(codeOf(await edit(owner, 1))).toBe('403 forbidden');
    expect((await edit(guest, 1)).json).toMatchObject({ body: 'Blue', version: 2 });
    expect(codeOf(await edit(guest, 1))).toBe('412 stale_version');
    await owner.call('DELETE /comments/{id}', { params });
    expect(codeOf(await guest.send('GET /comments/{id}', { params }))).toBe('404 not_found');
    expect(await guest.call('POST /comments/{id}/restore', { params })).toMatchObject({ body: 'Blue', version: 4 });
  });

  it.each([
    ['nothing but blanks', ' \n\t '],
    ['NUL', 'a\u0000b'],
    ['an unpaired surrogate', 'a\ud800b'],
    ['more than 50,000 characters', 'x'.repeat(50_001)],
  ])('refuse %s, by name', async (_what, body) => {
    const answer = await owner.send('POST /tasks/{id}/comments', { params: { id: task.id }, body: { body } });
    expect([answer.status, problemSchema.parse(answer.json).errors?.map(({ path }) => path)]).toEqual([422, ['body']]);
  });

  it('are listed oldest first, and refuse a forged cursor', async () => {
    const params = { id: task.id };
    const first = await owner.call('GET /tasks/{id}/comments', { params, query: { limit: 1 } });
    const second = await owner.call('GET /tasks/{id}/comments', {
      params,
      query: { limit: 1, cursor: first.nextCursor ?? '' },
    });
    expect(Date.parse(first.items[0]?.createdAt ?? '')).toBeLessThanOrEqual(
      Date.parse(second.items[0]?.createdAt ?? ''),
    );
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
    const forged = await owner.send('GET /tasks/{id}/comments', { params, query: { cursor: 'forged' } });
    expect(codeOf(forged)).toBe('422 invalid');
  });
});

describe('activity and search over HTTP', () => {
  it('tell of a comment at its task, in its project and its workspace, to whoever sees it', async () => {
    const { id, projectId } = await comment(owner, 'Newsworthy');
    const query = { limit: 1 };
    const [atTask, inProject, inWorkspace] = await Promise.all([
      guest.call('GET /tasks/{id}/activity', { params: { id: task.key }, query: { ...query, workspace } }),
      guest.call('GET /projects/{id}/activity', { params: { id: projectId }, query }),
      guest.call('GET /workspaces/{id}/activity', { params: { id: workspace }, query }),
    ]);
    for (const { items } of [atTask, inProject, inWorkspace]) {
      expect(items).toMatchObject([{ type: 'comment.created', subjectId: id, subject: 'Paint the shed' }]);
    }
    const { items } = await member.call('GET /workspaces/{id}/activity', { params: { id: workspace } });
    expect(items.filter(({ projectId: of }) => of === projectId)).toEqual([]);
  });

  it('find a comment by its words and a task by its key', async () => {
    await comment(owner, 'Ultramarine it is');
    const params = { id: workspace };
    const [hit] = (await guest.call('GET /workspaces/{id}/search', { params, query: { q: 'ultra' } })).items;
    expect(hit).toMatchObject({
      kind: 'comment',
      key: task.key,
      excerpt: [
        { text: 'Ultramarine', match: true },
        { text: ' it is', match: false },
      ],
    });
    const [called] = (await owner.call('GET /workspaces/{id}/search', { params, query: { q: 'talk-1' } })).items;
    expect(called).toMatchObject({ kind: 'task', id: task.id });
    expect((await member.call('GET /workspaces/{id}/search', { params, query: { q: 'ultra' } })).items).toEqual([]);
  });

  it('take any search text, and name what is not one', async () => {
    const search = (q: string) => owner.fetch(`/api/v1/workspaces/${workspace}/search?q=${encodeURIComponent(q)}`);
    for (const q of [`'`, '\\', '&|!:*()', '🎉', '%', '"a b"', '<->', 'a:*|b']) {
      expect([q, (await search(q)).status]).toEqual([q, 200]);
    }
    for (const q of ['', '   ', 'a\u0000', 'x'.repeat(201)]) {
      const answer = await search(q);
      expect([answer.status, problemSchema.parse(answer.json).errors?.[0]?.path]).toEqual([422, 'query.q']);
    }
  });
});
