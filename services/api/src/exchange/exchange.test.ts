import { createDatabase, type Database, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joined } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';
import { contentDisposition } from './content-disposition.ts';

let api: TestApi;
let owner: Person;
let workspaceId: string;
let projectId: string;
let database: Database;

beforeAll(async () => {
  api = await startTestApi();
  database = createDatabase({
    url: api.database.urls.app,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  owner = await api.person('Olga');
  const workspace = await owner.call('POST /workspaces', { body: { name: 'Works' } });
  workspaceId = workspace.id;
  const project = await owner.call('POST /workspaces/{id}/projects', {
    params: { id: workspaceId },
    body: { name: 'Operations', key: 'OPS' },
  });
  projectId = project.id;
});

afterAll(async () => {
  await database.close();
  await api.stop();
});

const askExport = (more: object = {}) => ({
  body: { type: 'project.export' as const, payload: { projectId }, ...more },
});

describe('POST /jobs', () => {
  it('accepts an export and says where it is to be seen', async () => {
    const answer = await owner.send('POST /jobs', askExport());
    expect(answer.status).toBe(202);
    const asked = await owner.call('GET /workspaces/{id}/asked-jobs', { params: { id: workspaceId } });
    const [job] = asked.items;
    expect(job).toMatchObject({
      type: 'project.export',
      state: 'pending',
      project: { id: projectId, name: 'Operations' },
      files: [],
      result: null,
    });
    expect(answer.headers.get('location')).toBe(`/api/v1/jobs/${job?.id}`);
    const seen = await owner.call('GET /jobs/{id}', { params: { id: job?.id ?? '' } });
    expect(seen).toMatchObject({ id: job?.id, priority: 'bulk', payload: { projectId } });
  });

  it('names what is wrong with a payload', async () => {
    for (const [payload, path] of [
      [{}, 'payload.projectId'],
      [{ projectId: 'OPS' }, 'payload.projectId'],
      [{ projectId, more: 1 }, 'payload'],
      [{ projectId: '\u0000' }, 'payload.projectId'],
    ] as const) {
      const answer = await owner.send('POST /jobs', { body: { type: 'project.export', payload } });
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(`"path":"${path}"`)]);
    }
  });

  it('refuses a key that PostgreSQL cannot store, and a time zone that it reads the other way round', async () => {
    for (const uniqueKey of ['a\u0000', 'a\ud83d', ' ']) {
      expect((await owner.send('POST /jobs', askExport({ uniqueKey }))).status).toBe(422);
    }
    for (const timeZone of ['+05:30', '-0800', 'Nowhere']) {
      const payload = { kind: 'weekly', workspaceId, timeZone };
      expect((await owner.send('POST /jobs', { body: { type: 'report.generate', payload } })).status).toBe(422);
    }
  });

  it('takes no type that people may not ask for, and none that there is not', async () => {
    for (const type of ['maintenance.purge-jobs', 'email.send', 'nothing']) {
      const body = JSON.stringify({ type, payload: {} });
      const answer = await owner.fetch('/api/v1/jobs', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(422);
    }
  });

  it('is no more urgent than its type, and starts within a year', async () => {
    expect((await owner.send('POST /jobs', askExport({ priority: 'critical' }))).status).toBe(422);
    expect((await owner.send('POST /jobs', askExport({ runAt: '2099-01-01T00:00:00Z' }))).status).toBe(422);
    const runAt = new Date(Date.now() + 86_400_000).toISOString();
    const later = await owner.call('POST /jobs', askExport({ priority: 'bulk', runAt }));
    expect(later.state).toBe('scheduled');
  });

  it('makes one job of many that ask under one key at a time, but not of two people', async () => {
    const admin = await joined(api, owner, workspaceId, { name: 'Ada', role: 'admin' });
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => owner.call('POST /jobs', askExport({ uniqueKey: 'nightly' }))),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    const hers = await admin.call('POST /jobs', askExport({ uniqueKey: 'nightly' }));
    expect(hers.id).not.toBe(asked[0]?.id);
    await database.query(sql`update jobs set state = 'succeeded', finished_at = now() where id = ${hers.id}`);
    expect((await admin.call('POST /jobs', askExport({ uniqueKey: 'nightly' }))).id).not.toBe(hers.id);
  });

  it('answers the same to the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await owner.send('POST /jobs', { ...askExport(), headers });
    const second = await owner.send('POST /jobs', { ...askExport(), headers });
    expect([second.status, second.text, second.headers.get('location')]).toEqual([
      202,
      first.text,
      first.headers.get('location'),
    ]);
  });

  it('has an end for who asks all the time', async () => {
    const busy = await api.person('Busy');
    const { id } = await busy.call('POST /workspaces', { body: { name: 'Busy' } });
    const project = await busy.call('POST /workspaces/{id}/projects', {
      params: { id },
      body: { name: 'Busy', key: 'BUSY' },
    });
    const ask = { body: { type: 'project.export' as const, payload: { projectId: project.id } } };
    await busy.call('POST /jobs', ask);
    await database.query(sql`
      insert into jobs (id, type, priority, workspace_id, payload, state, requested_by)
      select overlay(j.id::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, j.type, j.priority, j.workspace_id,
        j.payload, j.state, j.requested_by
      from jobs j, generate_series(1, 119) n where j.requested_by = ${busy.id}`);
    const refused = await busy.send('POST /jobs', ask);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600']);
  });
});

describe('GET /blobs/{id}', () => {
  const content = Buffer.from('PK\u0003\u0004 what is in it');
  const put = async (createdBy: string, fileName = 'OPS.zip'): Promise<string> => {
    const id = crypto.randomUUID();
    await database.query(sql`
      insert into blobs (id, workspace_id, created_by, file_name, media_type, store, size_bytes, sha256, stored_at)
      values (${id}, ${workspaceId}, ${createdBy}, ${fileName}, 'text/html', 'postgres', ${content.length}, '', now())`);
    await database.query(sql`insert into blob_chunks (blob_id, position, data) values (${id}, 0, ${content})`);
    return id;
  };

  it('saves a file under its name and never shows it', async () => {
    const id = await put(owner.id, 'Übersicht "a"\r\nX: y.html');
    const answer = await owner.send('GET /blobs/{id}', { params: { id } });
    expect([answer.status, answer.text]).toEqual([200, String(content)]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': `attachment; filename="_bersicht _a___X_ y.html"; filename*=UTF-8''%C3%9Cbersicht%20%22a%22%0D%0AX%3A%20y.html`,
      'content-length': String(content.length),
      'content-type': 'text/html',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
    });
  });

  it('is for its owner alone, and only as long as they are in the workspace', async () => {
    const admin = await joined(api, owner, workspaceId, { name: 'Ada', role: 'admin' });
    const id = await put(admin.id);
    expect((await admin.send('GET /blobs/{id}', { params: { id } })).status).toBe(200);
    expect((await owner.send('GET /blobs/{id}', { params: { id } })).status).toBe(404);
    await owner.call('DELETE /workspaces/{id}/members/{userId}', { params: { id: workspaceId, userId: admin.id } });
    expect((await admin.send('GET /blobs/{id}', { params: { id } })).status).toBe(404);
  });

  it('has nothing that is over, not complete, or no id', async () => {
    const [over, partial] = [await put(owner.id), await put(owner.id)];
    await database.query(sql`update blobs set expires_at = now() - interval '1 s' where id = ${over}`);
    await database.query(sql`update blobs set stored_at = null, size_bytes = null where id = ${partial}`);
    for (const id of [over, partial, 'nothing', crypto.randomUUID()]) {
      expect((await owner.send('GET /blobs/{id}', { params: { id } })).status).toBe(404);
    }
  });

  it('breaks off when bytes are missing, instead of sending less than it promised', async () => {
    const id = await put(owner.id);
    await database.query(sql`delete from blob_chunks where blob_id = ${id}`);
    await expect(owner.send('GET /blobs/{id}', { params: { id } })).rejects.toThrow();
    expect((await owner.send('GET /me')).status).toBe(200);
  });
});

describe('contentDisposition', () => {
  it('quotes nothing that could end the name', () => {
    expect(contentDisposition(`a"b'c(1).zip`)).toBe(
      `attachment; filename="a_b_c_1_.zip"; filename*=UTF-8''a%22b%27c%281%29.zip`,
    );
  });
});

describe('report schedules', () => {
  const params = () => ({ id: workspaceId });
  const weekly = { kind: 'weekly' as const, weekday: 1, hour: 8, timeZone: 'Europe/Berlin' };

  it('are each person’s own', async () => {
    const member = await joined(api, owner, workspaceId, { name: 'Max', role: 'member' });
    const mine = await owner.call('POST /workspaces/{id}/report-schedules', { params: params(), body: weekly });
    expect(mine).toMatchObject({ ...weekly, project: null, lastRunAt: null });
    const status = { ...weekly, kind: 'project-status' as const, projectId };
    const hers = await member.call('POST /workspaces/{id}/report-schedules', { params: params(), body: status });
    expect(hers.project).toEqual({ id: projectId, name: 'Operations' });
    const listed = await owner.call('GET /workspaces/{id}/report-schedules', { params: params() });
    expect(listed.items).toEqual([mine]);
    const remove = (who: Person, scheduleId: string) =>
      who.send('DELETE /workspaces/{id}/report-schedules/{scheduleId}', { params: { id: workspaceId, scheduleId } });
    expect((await remove(owner, hers.id)).status).toBe(404);
    expect((await remove(owner, mine.id)).status).toBe(204);
    expect((await remove(owner, mine.id)).status).toBe(404);
  });

  it('name a time zone that there is, and a project of this workspace', async () => {
    const send = (body: typeof weekly) =>
      owner.send('POST /workspaces/{id}/report-schedules', { params: params(), body });
    expect((await send({ ...weekly, timeZone: 'Europe/Nowhere' })).status).toBe(422);
    expect((await send({ ...weekly, hour: 24 })).status).toBe(422);
    const other = await owner.call('POST /workspaces', { body: { name: 'Other' } });
    const project = await owner.call('POST /workspaces/{id}/projects', {
      params: { id: other.id },
      body: { name: 'Foreign', key: 'FOR' },
    });
    const body = { ...weekly, kind: 'project-status' as const };
    const send2 = (more: object) =>
      owner.send('POST /workspaces/{id}/report-schedules', { params: params(), body: { ...body, ...more } });
    expect((await send2({})).status).toBe(422);
    expect((await send2({ projectId: project.id })).status).toBe(404);
  });

  it('are at most twenty of one person, however many ask at a time', async () => {
    const busy = await joined(api, owner, workspaceId, { name: 'Busy', role: 'member' });
    const answers = await Promise.all(
      Array.from({ length: 24 }, () =>
        busy.send('POST /workspaces/{id}/report-schedules', { params: params(), body: weekly }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
  });
});

describe('POST /projects/{id}/uploads', () => {
  const upload = (who: Person, body: string | Uint8Array<ArrayBuffer>, query = '?name=tasks.csv') =>
    who.fetch(`/api/v1/projects/${projectId}/uploads${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv' },
    });

  it('keeps a file and says what it looks like', async () => {
    const answer = await upload(owner, '\uFEFFName;Due;Tags\nPaint;2026-03-04;red\n');
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      id: expect.any(String),
      fileName: 'tasks.csv',
      sizeBytes: 38,
      format: 'csv',
      table: {
        columns: ['Name', 'Due', 'Tags'],
        rows: [['Paint', '2026-03-04', 'red']],
        mapping: { title: 0, due: 1, labels: 2 },
      },
    });
  });

  it.each([
    ['{"format":"taskflow-project"}', 'taskflow'],
    ['{"lists":[]}', 'trello'],
    [' [{"tasks":[]}]', 'vikunja'],
  ])('knows %s for what it is', async (content, format) => {
    expect((await upload(owner, content)).json).toMatchObject({ format, table: null });
  });

  it('takes what is no table for one, and is told of it when it is tried', async () => {
    expect((await upload(owner, Buffer.from([0x89, 0x50, 0, 0xff]))).json).toMatchObject({
      format: 'csv',
      table: { columns: [], rows: [] },
    });
    expect((await upload(owner, '')).json).toMatchObject({ sizeBytes: 0 });
  });

  it('refuses 100 MB before they arrive, and also when nobody said how much it would be', async () => {
    const files = async () => (await database.query(sql`select from blobs where file_name = 'large.csv'`)).length;
    const bytes = Buffer.alloc(1_048_576, 'a');
    const told = await upload(owner, Buffer.alloc(100_000_000, 'a'), '?name=large.csv').catch(() => undefined);
    expect(told === undefined ? 413 : told.status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(bytes);
      },
    });
    const init = { method: 'POST', body: endless, duplex: 'half' } as const;
    const untold = await owner
      .fetch(`/api/v1/projects/${projectId}/uploads?name=large.csv`, init)
      .catch(() => undefined);
    expect(untold === undefined ? 413 : untold.status).toBe(413);
    expect(sent).toBeLessThan(60);
    expect(await files()).toBe(0);
  });

  it('is refused from another site, and to who may not import', async () => {
    const foreign = await owner.fetch(`/api/v1/projects/${projectId}/uploads`, {
      method: 'POST',
      body: 'Title\nA\n',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    const member = await joined(api, owner, workspaceId, { name: 'Mia', role: 'member' });
    expect((await upload(member, 'Title\nA\n')).status).toBe(403);
  });
});
