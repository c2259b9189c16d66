import { problemSchema } from '@taskflow/contract/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawAnswer } from '../testing/client.ts';
import { statusesOf } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let olga: Person;

beforeAll(async () => {
  api = await startTestApi();
  olga = await api.person('Olga');
});

afterAll(() => api.stop());

const codeOf = (answer: RawAnswer) => problemSchema.parse(answer.json).code;

describe('creating a workspace', () => {
  it('makes the caller its owner and a slug of its name', async () => {
    const answer = await olga.send('POST /workspaces', { body: { name: 'Müller & Söhne' } });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ name: 'Müller & Söhne', slug: 'muller-sohne', role: 'owner', version: 1 });
    const location = answer.headers.get('location') ?? '';
    expect(location).toMatch(/^\/api\/v1\/workspaces\/[0-9a-f-]{36}$/);
    expect((await olga.fetch(location)).json).toEqual(answer.json);
  });

  it('finds another slug when that one leads elsewhere, also for many at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () => olga.call('POST /workspaces', { body: { name: 'Acme' } })),
    );
    const slugs = made.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(8);
    expect(slugs).toEqual(expect.arrayContaining(['acme', 'acme-2', 'acme-3', 'acme-4', 'acme-5']));
    for (const slug of slugs) expect(slug).toMatch(/^acme(-[0-9a-f]+)?$/);
  });

  it('takes the slug that it is given, or refuses it', async () => {
    expect(await olga.call('POST /workspaces', { body: { name: 'A', slug: 'Given' } })).toMatchObject({
      slug: 'given',
    });
    const taken = await olga.send('POST /workspaces', { body: { name: 'B', slug: 'given' } });
    expect(taken.status).toBe(409);
    expect(codeOf(taken)).toBe('name_taken');
    for (const slug of ['-x', 'x--y', 'x', 'ö', '01890a5d-ac96-774b-bcce-b302099a8057']) {
      expect((await olga.send('POST /workspaces', { body: { name: 'C', slug } })).status).toBe(422);
    }
  });
});

describe('a workspace', () => {
  it('is listed to its people alone, page by page', async () => {
    const person = await api.person('Lister');
    for (const name of ['One', 'Two', 'Three']) {
      await person.call('POST /workspaces', { body: { name } });
    }
    const first = await person.call('GET /workspaces', { query: { limit: 2 } });
    expect(first.items.map(({ name }) => name)).toEqual(['One', 'Two']);
    const second = await person.call('GET /workspaces', { query: { limit: 2, cursor: first.nextCursor ?? '' } });
    expect(second).toMatchObject({ items: [{ name: 'Three' }], nextCursor: null });
    const foreign = await olga.send('GET /workspaces', { query: { cursor: first.nextCursor ?? '' } });
    expect(foreign.status).toBe(422);
  });

  it('is found by its id, its slug and every slug it had', async () => {
    const { id } = await olga.call('POST /workspaces', { body: { name: 'Before', slug: 'before' } });
    const renamed = await olga.call('PATCH /workspaces/{id}', {
      params: { id: 'before' },
      body: { name: 'After', slug: 'after' },
    });
    expect(renamed).toMatchObject({ id, name: 'After', slug: 'after', version: 2 });
    for (const ref of [id, 'before', 'after']) {
      expect(await olga.call('GET /workspaces/{id}', { params: { id: ref } })).toEqual(renamed);
    }
    const thief = await olga.send('POST /workspaces', { body: { name: 'Thief', slug: 'before' } });
    expect(thief.status).toBe(409);
    const back = await olga.call('PATCH /workspaces/{id}', { params: { id }, body: { slug: 'before' } });
    expect(back).toMatchObject({ slug: 'before', version: 3 });
  });

  it('keeps its version when nothing changes, and refuses stale changes', async () => {
    const { id, name } = await olga.call('POST /workspaces', { body: { name: 'Versions' } });
    expect(await olga.call('PATCH /workspaces/{id}', { params: { id }, body: { name } })).toMatchObject({ version: 1 });
    await olga.call('PATCH /workspaces/{id}', { params: { id }, body: { name: 'Other' } });
    const headers = { 'if-match': '"1-owner"' };
    const patch = await olga.send('PATCH /workspaces/{id}', { params: { id }, body: { name: 'Late' }, headers });
    expect(patch.status).toBe(412);
    expect((await olga.send('DELETE /workspaces/{id}', { params: { id }, headers })).status).toBe(412);
  });

  it('gets a slug from one of two who want it at once', async () => {
    const [a, b] = await Promise.all(
      ['Rival A', 'Rival B'].map((name) => olga.call('POST /workspaces', { body: { name } })),
    );
    const answers = await Promise.all(
      [a, b].map((rival) =>
        olga.send('PATCH /workspaces/{id}', { params: { id: rival?.id ?? '' }, body: { slug: 'wanted' } }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 409]);
  });

  it('is gone when deleted, and comes back as it was', async () => {
    const { id, slug } = await olga.call('POST /workspaces', { body: { name: 'Phoenix' } });
    await olga.call('DELETE /workspaces/{id}', { params: { id } });
    for (const ref of [id, slug]) {
      expect((await olga.send('GET /workspaces/{id}', { params: { id: ref } })).status).toBe(404);
    }
    expect((await olga.call('GET /workspaces', { query: { limit: 200 } })).items.map((item) => item.id)).not.toContain(
      id,
    );
    expect((await olga.send('DELETE /workspaces/{id}', { params: { id } })).status).toBe(404);
    const stranger = await api.person('Stranger');
    expect((await stranger.send('POST /workspaces/{id}/restore', { params: { id } })).status).toBe(404);
    expect(await olga.call('POST /workspaces/{id}/restore', { params: { id } })).toMatchObject({
      id,
      slug,
      version: 3,
    });
    expect((await olga.call('GET /workspaces/{id}', { params: { id } })).name).toBe('Phoenix');
  });

  it('tells what happened to it', async () => {
    const { id } = await olga.call('POST /workspaces', { body: { name: 'Diary' } });
    await olga.call('PATCH /workspaces/{id}', { params: { id }, body: { name: 'Journal' } });
    const { items } = await olga.call('GET /workspaces/{id}/activity', { params: { id } });
    expect(items).toMatchObject([
      { type: 'workspace.updated', actorId: olga.id, changes: { name: { from: 'Diary', to: 'Journal' } } },
      { type: 'workspace.created', actorId: olga.id, subject: 'Diary' },
    ]);
  });
});
