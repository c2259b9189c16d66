import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient } from '../../api-client/api-client.ts';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '../../embedded/testing/index.ts';
import { type ApiProgram, startApiProgram } from '../../testing/service-program.ts';
import { seedDemo } from './seed.ts';
import { storyTasks } from './story/story.ts';
import { DEMO_PASSWORD, people } from './story/team.ts';

const DAY_MS = 86_400_000;
const now = new Date();
let database: TestDatabase;
let api: ApiProgram;

beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApiProgram({
    databaseUrl: database.urls.app,
    redisUrl: await testRedisUrl(),
    publicUrl: 'http://localhost:3000',
  });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

const seed = (databaseUrl = database.urls.app) => seedDemo({ apiUrl: api.url, databaseUrl, now });

async function signedIn(person: keyof typeof people) {
  const client = createApiClient(api.url);
  const { email } = people[person];
  const { user } = await client.call('POST /auth/login', { body: { email, password: DEMO_PASSWORD } });
  const { items: workspaces } = await client.call('GET /workspaces');
  return { client, user, workspaces };
}

async function count(query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.urls.app });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(query);
    return rows[0]?.count;
  } finally {
    await client.end();
  }
}

describe('the demo', () => {
  it('is made anew when a run was interrupted, and left alone once it is there', { timeout: 90_000 }, async () => {
    await expect(seed('postgres://127.0.0.1:1/nothing')).rejects.toThrow();
    await expect(seed()).resolves.toBe('made');
    await expect(seed()).resolves.toBe('present');
    const { user, workspaces } = await signedIn('maya');
    expect(user.isOperator).toBe(true);
    expect(workspaces.map(({ name, role }) => [name, role])).toEqual([['Larkspur Bikes', 'owner']]);
    await expect(
      count('select count(*)::int from tasks t join workspaces w on w.id = t.workspace_id where w.deleted_at is null'),
    ).resolves.toBe(storyTasks.length);
  });

  it('has work for each of its people: late, due today and finished', async () => {
    for (const person of ['maya', 'jonas', 'priya'] as const) {
      const { client } = await signedIn(person);
      const { items } = await client.call('GET /me/tasks', { query: { limit: 200 } });
      expect(items.length).toBeGreaterThan(10);
    }
    const { client, workspaces } = await signedIn('priya');
    const params = { id: workspaces[0]?.id ?? '' };
    const overdue = await client.call('GET /workspaces/{id}/tasks', { params, query: { overdue: 'true' } });
    expect(overdue.items.length).toBeGreaterThanOrEqual(4);
    const done = await client.call('GET /workspaces/{id}/tasks', { params, query: { category: 'completed' } });
    expect(done.items.length).toBeGreaterThan(20);
  });

  it('has a past: what happened is in order, spread over six weeks, and never in the future', async () => {
    const { client, workspaces } = await signedIn('maya');
    const params = { id: workspaces[0]?.id ?? '' };
    const times: number[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
      const page = await client.call('GET /workspaces/{id}/activity', { params, query });
      times.push(...page.items.map(({ at }) => Date.parse(at)));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(times.length).toBeGreaterThan(150);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
    expect(Math.max(...times)).toBeLessThanOrEqual(now.getTime());
    expect(now.getTime() - Math.min(...times)).toBeGreaterThan(40 * DAY_MS);
    const days = new Set(times.map((at) => Math.floor(at / DAY_MS)));
    expect(days.size).toBeGreaterThanOrEqual(25);
  });

  it('says of everything that happened to a task which task that was', async () => {
    await expect(
      count('select count(*)::int from activity where task_id is not null and subject is null'),
    ).resolves.toBe(0);
  });

  it('completes every task after it began', async () => {
    await expect(
      count('select count(*)::int from tasks where completed_at < created_at or updated_at < created_at'),
    ).resolves.toBe(0);
  });
});
