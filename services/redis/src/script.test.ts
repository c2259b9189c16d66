import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { closeRedis, createRedis, type Redis } from './redis-client.ts';
import { defineScript } from './script.ts';

let redis: Redis;

beforeAll(async () => {
  redis = createRedis({ url: await testRedisUrl(), name: 'test', onError: () => undefined });
  await vi.waitUntil(() => redis.status === 'ready');
});

afterAll(() => closeRedis(redis));

it('runs again after Redis has forgotten the script', async () => {
  const add = defineScript(redis, {
    name: 'testAdd',
    lua: "return redis.call('INCRBY', KEYS[1], ARGV[1])",
    numberOfKeys: 1,
  });
  expect(await add('sum', 2)).toBe(2);
  await redis.script('FLUSH');
  expect(await add('sum', 3)).toBe(5);
});
