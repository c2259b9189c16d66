import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';
import { closeRedis, createRedis, type Redis } from './redis-client.ts';

describe('createRateLimiter', () => {
  let one: Redis;
  let other: Redis;

  beforeAll(async () => {
    const url = await testRedisUrl();
    const connect = (name: string): Redis => createRedis({ url, name, onError: () => undefined });
    [one, other] = [connect('one'), connect('other')];
    await Promise.all([one, other].map((redis) => new Promise((resolve) => redis.once('ready', resolve))));
  });

  afterAll(async () => {
    await Promise.all([closeRedis(one), closeRedis(other)]);
  });

  it('counts for all processes together', async () => {
    const limit = { keyPrefix: 'shared', points: 3, durationSeconds: 60 };
    const here = createRateLimiter({ ...limit, redis: one });
    const there = createRateLimiter({ ...limit, redis: other });
    expect(await here.consume('ada')).toMatchObject({ allowed: true, limit: 3, remaining: 2 });
    expect(await there.consume('ada')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await here.consume('ada')).toMatchObject({ allowed: true, remaining: 0 });
    const refused = await there.consume('ada');
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    expect(refused.resetSeconds).toBeGreaterThan(50);
    expect(await there.consume('grace')).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('checks without spending', async () => {
    const limiter = createRateLimiter({ redis: one, keyPrefix: 'check', points: 1, durationSeconds: 60 });
    expect(await limiter.check('ada')).toEqual({ allowed: true, limit: 1, remaining: 1, resetSeconds: 60 });
    expect(await limiter.check('ada')).toMatchObject({ allowed: true });
    await limiter.consume('ada');
    expect(await limiter.check('ada')).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('forgets on request', async () => {
    const limiter = createRateLimiter({ redis: one, keyPrefix: 'reset', points: 1, durationSeconds: 60 });
    await limiter.consume('ada');
    await limiter.reset('ada');
    expect(await limiter.consume('ada')).toMatchObject({ allowed: true });
  });

  it('spends several points at once', async () => {
    const limiter = createRateLimiter({ redis: one, keyPrefix: 'bulk', points: 10, durationSeconds: 60 });
    expect(await limiter.consume('ada', 8)).toMatchObject({ allowed: true, remaining: 2 });
    expect(await limiter.consume('ada', 8)).toMatchObject({ allowed: false, remaining: 0 });
  });
});
