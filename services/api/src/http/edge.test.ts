import { request } from 'node:http';
import { problemSchema } from '@taskflow/contract/http';
import { createDatabase, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let olga: Person;
let workspaceId: string;
let projectId: string;

beforeAll(async () => {
  api = await startTestApi();
  olga = await api.person('Olga');
  workspaceId = (await olga.call('POST /workspaces', { body: { name: 'Works' } })).id;
  const project = await olga.call('POST /workspaces/{id}/projects', {
    params: { id: workspaceId },
    body: { name: 'Operations', key: 'OPS' },
  });
  projectId = project.id;
});

afterAll(() => api.stop());

const problemOf = (answer: RawAnswer) => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = problemSchema.parse(answer.json);
  expect(problem.status).toBe(answer.status);
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  return problem;
};
const tasksPath = () => `/api/v1/projects/${projectId}/tasks`;
const json = { 'content-type': 'application/json' };
const createTask = (title: string) =>
  olga.call('POST /projects/{id}/tasks', { params: { id: projectId }, body: { title } });

describe('the edge answers bad input with a problem document', () => {
  it.each<[string, number, string, RequestInit]>([
    ['malformed JSON', 400, 'malformed_request', { body: '{"title":', headers: json }],
    ['an empty body', 400, 'malformed_request', { headers: json }],
    ['bytes that are no UTF-8', 400, 'malformed_request', { body: new Uint8Array([0x22, 0xff, 0x22]), headers: json }],
    [
      'another media type',
      415,
      'unsupported_media_type',
      { body: 'title=x', headers: { 'content-type': 'text/plain' } },
    ],
    ['a list instead of an object', 422, 'invalid', { body: '[]', headers: json }],
    ['wrong types', 422, 'invalid', { body: '{"title":7,"assigneeIds":"me"}', headers: json }],
    ['unknown fields', 422, 'invalid', { body: '{"title":"x","__proto__":{"a":1},"rank":"a"}', headers: json }],
    ['a NUL byte', 422, 'invalid', { body: '{"title":"a\\u0000b"}', headers: json }],
    ['a lone surrogate', 422, 'invalid', { body: '{"title":"\\ud800"}', headers: json }],
    [
      'a title of 100,000 characters',
      422,
      'invalid',
      { body: JSON.stringify({ title: 'x'.repeat(100_000) }), headers: json },
    ],
    ['a body of 10 MB', 413, 'too_large', { body: JSON.stringify({ title: 'x'.repeat(10_000_000) }), headers: json }],
    [
      'a page of another site',
      403,
      'cross_site_request',
      { body: '{"title":"x"}', headers: { ...json, origin: 'https://evil.example' } },
    ],
    [
      'a bad Idempotency-Key',
      400,
      'malformed_request',
      { body: '{"title":"x"}', headers: { ...json, 'idempotency-key': 'a b' } },
    ],
  ])('%s: %i', async (_, status, code, init) => {
    const answer = await olga.fetch(tasksPath(), { method: 'POST', ...init });
    expect(answer.status).toBe(status);
    const problem = problemOf(answer);
    expect(problem.code).toBe(code);
    if (code === 'invalid') {
      expect(problem.errors?.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['limit=-1', 'query.limit'],
    ['limit=1e9', 'query.limit'],
    ['limit=5&limit=6', 'query.limit'],
    ['cursor=forged', 'query.cursor'],
    ['sort=password', 'query.sort'],
    ['status=x', 'query.status.0'],
    ['dueBefore=2026-13-45', 'query.dueBefore'],
    ['dueAfter=9999-12-31T23:59:59-14:00', 'query.dueAfter'],
    ['dueAfter=0000-01-01T00:00:00Z', 'query.dueAfter'],
    ['unknown=1', 'query.unknown'],
    ['workspace=a&workspace=b', 'query.workspace'],
    ['q=%00', 'query.q'],
  ])('names the field of ?%s', async (query, path) => {
    const answer = await olga.fetch(`${tasksPath()}?${query}`);
    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors?.map((error) => error.path)).toEqual([path]);
  });

  it('answers unknown routes 404 and wrong methods 405 with Allow', async () => {
    expect(problemOf(await olga.fetch('/api/v1/nothing')).code).toBe('not_found');
    expect(problemOf(await olga.fetch('/')).code).toBe('not_found');
    const answer = await olga.fetch('/api/v1/me', { method: 'DELETE' });
    expect(problemOf(answer).code).toBe('method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, PATCH, HEAD');
  });

  it('answers ids that are none, or are of nobody, like missing ones', async () => {
    const task = await createTask('Whose links are asked for');
    const none = ['x', '%00', '%C3%9F', 'OPS-99', 'x'.repeat(150), '0192f0c1-2345-7000-8000-000000000000'];
    for (const id of none) {
      expect((await olga.fetch(`/api/v1/tasks/${id}`)).status).toBe(404);
      expect((await olga.fetch(`/api/v1/projects/${id}?workspace=${workspaceId}`)).status).toBe(404);
      expect((await olga.fetch(`/api/v1/workspaces/${id}`)).status).toBe(404);
      expect((await olga.fetch(`/api/v1/tasks/OPS-1?workspace=${id}`)).status).toBe(404);
      const link = await olga.fetch(`/api/v1/tasks/${task.id}/links/${id}`, { method: 'DELETE' });
      expect(link.status).toBe(404);
    }
  });

  it('names the workspace that is given twice', async () => {
    const answer = await olga.fetch('/api/v1/tasks/OPS-1?workspace=a&workspace=b');
    expect(problemOf(answer).errors?.map((error) => error.path)).toEqual(['query.workspace']);
  });

  it.each(['2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2026-01-01T24:00:00Z', '99999-01-01 00:00:00+00'])(
    'refuses a cursor that was forged to begin at %s',
    async (instant) => {
      await Promise.all([createTask('One'), createTask('Two')]);
      const query = { sort: 'createdAt', limit: 1 } as const;
      const { nextCursor } = await olga.call('GET /projects/{id}/tasks', { params: { id: projectId }, query });
      const [, ...rest]: unknown[] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString());
      const cursor = Buffer.from(JSON.stringify([instant, ...rest])).toString('base64url');
      const answer = await olga.fetch(`${tasksPath()}?sort=createdAt&limit=1&cursor=${cursor}`);
      expect(problemOf(answer).errors?.map((error) => error.path)).toEqual(['query.cursor']);
    },
  );

  it('survives a client that leaves in the middle of its body', async () => {
    const { port } = new URL(api.baseUrl);
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const half = request({
      port,
      host: '127.0.0.1',
      path: tasksPath(),
      method: 'POST',
      headers: { ...json, cookie: olga.cookie, 'content-length': '100' },
    });
    half.on('error', () => resolve());
    half.on('close', () => resolve());
    half.write('{"title":');
    half.flushHeaders();
    setImmediate(() => half.destroy());
    await gone;
    expect((await olga.fetch('/api/v1/me')).status).toBe(200);
    expect(api.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

describe('sessions at the edge', () => {
  it('refuses whoever has none, or one that was ended', async () => {
    expect(problemOf(await api.anonymous().fetch('/api/v1/me')).code).toBe('unauthenticated');
    const person = await api.person('Leaver');
    const { cookie } = person;
    await person.call('POST /auth/logout');
    person.cookie = cookie;
    expect(problemOf(await person.fetch('/api/v1/me')).code).toBe('unauthenticated');
  });
});

describe('versions at the edge', () => {
  it('answers 304 to whoever has this version, and 200 when a count has changed', async () => {
    const task = await createTask('Watched');
    const params = { id: task.id };
    const first = await olga.send('GET /tasks/{id}', { params });
    const headers = { 'if-none-match': `W/${first.headers.get('etag')}` };
    const second = await olga.send('GET /tasks/{id}', { params, headers });
    expect(second).toMatchObject({ status: 304, text: '' });
    await olga.call('POST /tasks/{id}/comments', { params, body: { body: 'Hello' } });
    expect((await olga.send('GET /tasks/{id}', { params, headers })).status).toBe(200);
    const patch = await olga.send('PATCH /tasks/{id}', {
      params,
      body: { title: 'Still mine to change' },
      headers: { 'if-match': first.headers.get('etag') ?? '' },
    });
    expect(patch.status).toBe(200);
  });

  it('has no use for If-Match where something new is made', async () => {
    const answer = await olga.send('POST /projects/{id}/tasks', {
      params: { id: projectId },
      body: { title: 'New' },
      headers: { 'if-match': '"7", "8"' },
    });
    expect(answer.status).toBe(201);
  });

  it('answers 412 to a stale If-Match, and changes nothing', async () => {
    const task = await createTask('Contested');
    const params = { id: task.id };
    await olga.call('PATCH /tasks/{id}', { params, body: { title: 'Changed' } });
    const stale = await olga.send('PATCH /tasks/{id}', {
      params,
      body: { title: 'Lost' },
      headers: { 'if-match': '"1"' },
    });
    expect(problemOf(stale).code).toBe('stale_version');
    expect((await olga.call('GET /tasks/{id}', { params })).title).toBe('Changed');
    const gone = await olga.send('DELETE /tasks/{id}', { params, headers: { 'if-match': '"1"' } });
    expect(gone.status).toBe(412);
  });
});

describe('Idempotency-Key', () => {
  const post = (title: string, key: string, person = olga) =>
    person.send('POST /projects/{id}/tasks', {
      params: { id: projectId },
      body: { title },
      headers: { 'idempotency-key': key },
    });

  it('gives the same answer to the same write, headers included', async () => {
    const first = await post('Once', 'key-once');
    const second = await post('Once', 'key-once');
    expect(second).toMatchObject({ status: 201, json: first.json });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  });

  it('refuses the key with another body', async () => {
    await post('One', 'key-other');
    expect(problemOf(await post('Two', 'key-other')).code).toBe('idempotency_mismatch');
  });

  it('makes one task of twins that run at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('Twin', 'key-twin')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('covers every write, and a twin that would run into its own trace', async () => {
    const create = () =>
      olga.send('POST /workspaces/{id}/projects', {
        params: { id: workspaceId },
        body: { name: 'Twin', key: 'TWIN' },
        headers: { 'idempotency-key': 'key-project' },
      });
    const answers = await Promise.all(Array.from({ length: 5 }, create));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('keeps no answer of a write that failed, and frees a key after a day', async () => {
    expect((await post('', 'key-failed')).status).toBe(422);
    expect((await post('Better', 'key-failed')).status).toBe(201);
    const first = await post('Yesterday', 'key-old');
    const database = createDatabase({
      url: api.database.urls.owner,
      applicationName: 'test',
      pool: { max: 1, acquireTimeoutMs: 5_000 },
      statementTimeoutMs: 5_000,
      connectTimeoutMs: 5_000,
    });
    await database.query(sql`update idempotency_keys set expires_at = now() where key = 'key-old'`);
    await database.close();
    const second = await post('Today', 'key-old');
    expect(second.status).toBe(201);
    expect(second.json).not.toEqual(first.json);
  });

  it('gives the same answer when the write took its own subject away, or brought it back', async () => {
    const { id } = await createTask('Gone');
    const options = { params: { id }, headers: { 'idempotency-key': 'key-subject' } };
    expect((await olga.send('DELETE /tasks/{id}', options)).status).toBe(204);
    expect((await olga.send('DELETE /tasks/{id}', options)).status).toBe(204);
    const restored = await olga.send('POST /tasks/{id}/restore', options);
    expect(restored.status).toBe(200);
    expect(await olga.send('POST /tasks/{id}/restore', options)).toMatchObject({ status: 200, json: restored.json });
    await olga.call('DELETE /tasks/{id}', { params: { id } });
    expect((await olga.send('DELETE /tasks/{id}', { params: { id } })).status).toBe(404);
  });

  it('refuses the key for a write that its query sends elsewhere', async () => {
    const elsewhere = await olga.call('POST /workspaces', { body: { name: 'Elsewhere' } });
    const project = await olga.call('POST /workspaces/{id}/projects', {
      params: { id: elsewhere.id },
      body: { name: 'Operations', key: 'OPS' },
    });
    await olga.call('POST /projects/{id}/tasks', { params: { id: project.id }, body: { title: 'First' } });
    await createTask('First');
    const comment = (workspace: string) =>
      olga.send('POST /tasks/{id}/comments', {
        params: { id: 'OPS-1' },
        query: { workspace },
        body: { body: 'Hello' },
        headers: { 'idempotency-key': 'key-query' },
      });
    expect((await comment(workspaceId)).status).toBe(201);
    expect(problemOf(await comment(elsewhere.id)).code).toBe('idempotency_mismatch');
  });

  it('is each caller’s own', async () => {
    const other = await api.person('Other');
    const answer = await post('Once', 'key-once', other);
    expect(answer.status).toBe(404);
  });
});

describe('every answer', () => {
  it.each([
    ['a resource', '/api/v1/me', 200],
    ['a problem', '/api/v1/nothing', 404],
    ['a page', '/api/docs', 200],
    ['a stream', () => `/api/v1/workspaces/${workspaceId}/events`, 200],
  ])('says which request it belongs to and that its type is meant: %s', async (_what, path, status) => {
    const leave = new AbortController();
    const answer = await fetch(`${api.baseUrl}${typeof path === 'string' ? path : path()}`, {
      headers: { cookie: olga.cookie, 'x-request-id': 'request-5678' },
      signal: leave.signal,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).toBe('request-5678');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    leave.abort();
  });

  it('is as long to HEAD as to GET', async () => {
    const path = `/api/v1/workspaces/${workspaceId}`;
    const [whole, head] = [await olga.fetch(path), await olga.fetch(path, { method: 'HEAD' })];
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(whole.text)));
    expect(head.headers.get('etag')).toBe(whole.headers.get('etag'));
  });
});

describe('the log', () => {
  it('has one line a request, with its ids and the pattern of its route', async () => {
    const answer = await olga.fetch(`/api/v1/projects/${projectId}`, {
      headers: {
        'x-request-id': 'request-1234',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    expect(answer.headers.get('x-request-id')).toBe('request-1234');
    const lines = api.logLines.filter((line) => line.includes('request-1234')).map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        message: 'request',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        userId: olga.id,
        workspaceId,
        route: 'GET /projects/{id}',
        status: 200,
        durationMs: expect.any(Number),
      }),
    ]);
  });

  it('never holds a password, a cookie or a token', async () => {
    const { value } = await olga.call('POST /me/tokens', { body: { name: 'ci', scopes: ['read'] } });
    await api.anonymous({ authorization: `Bearer ${value}` }).fetch('/api/v1/me');
    const log = api.logLines.join('');
    for (const secret of [olga.password, olga.cookie.split('=')[1] ?? '-', value]) {
      expect(log.includes(secret)).toBe(false);
    }
  });
});

describe('the management port', () => {
  it('serves probes and the metrics of the contract', async () => {
    for (const path of ['/livez', '/readyz']) {
      expect((await fetch(`${api.managementUrl}${path}`)).status).toBe(200);
    }
    const metrics = await (await fetch(`${api.managementUrl}/metrics`)).text();
    expect(metrics).toContain('taskflow_http_request_duration_seconds_bucket');
    expect(metrics).toContain('route="POST /projects/{id}/tasks"');
    expect(metrics).not.toContain(projectId);
  });
});
