import { problemSchema } from '@taskflow/contract/http';
import { type OwnServers, startOwnServers } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Person, startTestApi, type TestApi } from './testing/test-api.ts';

let servers: OwnServers;
let api: TestApi;
let olga: Person;
let projectId: string;

beforeAll(async () => {
  servers = await startOwnServers();
  api = await startTestApi({ database: servers.database, redisUrl: servers.redisUrl });
  olga = await api.person('Olga');
  const { id } = await olga.call('POST /workspaces', { body: { name: 'Works' } });
  const project = await olga.call('POST /workspaces/{id}/projects', {
    params: { id },
    body: { name: 'Operations', key: 'OPS' },
  });
  projectId = project.id;
});

afterAll(async () => {
  await api.stop();
  await servers.remove();
});

const createTask = (title: string) =>
  olga.call('POST /projects/{id}/tasks', { params: { id: projectId }, body: { title } });
const probe = async (path: string) => (await fetch(`${api.managementUrl}${path}`)).status;

describe('while Redis is away', () => {
  it('people sign in, read and write, limits hold, and the process stays ready', async () => {
    await servers.redis.off();
    try {
      const visitor = api.anonymous({ 'x-forwarded-for': '192.0.2.9' });
      await visitor.call('POST /auth/login', { body: { email: olga.email, password: olga.password } });
      expect((await createTask('Without Redis')).title).toBe('Without Redis');
      expect(await probe('/readyz')).toBe(200);
      const stranger = api.anonymous({ 'x-forwarded-for': '192.0.2.10' });
      const attempts: number[] = [];
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const answer = await stranger.send('POST /auth/login', { body: { email: olga.email, password: 'wrong' } });
        attempts.push(answer.status);
      }
      expect(attempts.at(0)).toBe(401);
      expect(attempts.at(-1)).toBe(429);
    } finally {
      await servers.redis.on();
    }
  });
});

describe('while PostgreSQL is away', () => {
  it('requests are answered 503 with Retry-After, the process is alive but not ready, and recovers by itself', async () => {
    await servers.postgres.off();
    try {
      const answer = await olga.fetch('/api/v1/me');
      expect(answer.status).toBe(503);
      expect(problemSchema.parse(answer.json).code).toBe('unavailable');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await probe('/readyz')).toBe(503);
      expect(await probe('/livez')).toBe(200);
      expect((await api.anonymous().fetch('/api/v1/instance')).status).toBe(200);
    } finally {
      await servers.postgres.on();
    }
    await vi.waitFor(async () => expect(await probe('/readyz')).toBe(200), { timeout: 15_000, interval: 200 });
    expect((await createTask('Back again')).title).toBe('Back again');
  });
});
