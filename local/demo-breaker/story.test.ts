import { createTestDatabase, type TestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiClient } from '../api-client/api-client.ts';
import {
  type ApiProgram,
  type ServiceProgram,
  startApiProgram,
  startWorkerProgram,
} from '../testing/service-program.ts';
import { playStory } from './story.ts';

let database: TestDatabase;
let api: ApiProgram;
let worker: ServiceProgram;

beforeAll(async () => {
  database = await createTestDatabase();
  const on = { databaseUrl: database.urls.app, redisUrl: await testRedisUrl(), publicUrl: 'http://localhost' };
  const env = { COOLDOWN_PERIOD: '1', RETRY_DELAY_MS: '2000', WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8' };
  [api, worker] = await Promise.all([startApiProgram(on), startWorkerProgram({ ...on, env })]);
});

afterAll(async () => {
  await Promise.all([api.stop(), worker.stop()]);
  await database.drop();
});

it('an endpoint that is down is left alone, harms nobody else, and gets everything when it is back', async () => {
  const client = createApiClient(api.url);
  await client.call('POST /auth/register', {
    body: { email: 'olga@example.com', password: 'correct horse battery', name: 'Olga' },
  });
  const told: string[] = [];
  const result = await playStory({ client, say: (line) => void told.push(line), patienceMs: 30_000 });
  expect(result).toEqual({
    events: 25,
    attemptsBeforeOpening: 5,
    probes: expect.any(Number),
    taken: 25,
    takenTwice: 0,
    isNeighbourComplete: true,
    isMixedHealthy: true,
  });
  expect(result.probes).toBeGreaterThan(0);
  expect(told[1]).toMatch(/Your endpoint answered 503 \d+ times in a row; paused until .*; 25 deliveries kept/);
}, 120_000);
