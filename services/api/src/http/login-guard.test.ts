import { createRedis, createRateLimiter, closeRedis } from '@taskflow/redis';
import { describe, expect, it } from 'vitest';
import { createLoginGuard } from './login-guard.ts';

describe('createLoginGuard without Redis', () => {
  it('goes on counting in memory', async () => {
    const redis = createRedis({ url: 'redis://127.0.0.1:1', name: 'test', onError: () => undefined });
    const limiter = createRateLimiter({ redis, keyPrefix: 'test', points: 2, durationSeconds: 60 });
    let refusals = 0;
    const guard = createLoginGuard(limiter, () => {
      refusals += 1;
    });
    await guard.failed('ann');
    await guard.check('ann');
    await guard.failed('ann');
    await expect(guard.check('ann')).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 60 });
    await guard.check('bob');
    expect(refusals).toBe(1);
    await guard.succeeded('ann');
    await guard.check('ann');
    await closeRedis(redis);
  });
});
