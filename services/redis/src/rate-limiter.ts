import type { Redis } from 'ioredis';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRedis from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import type { RateLimitVerdict } from './rate-limit.ts';

/** Options of {@link createRateLimiter}. */
export interface RateLimiterOptions {
  readonly redis: Redis;
  /** Keeps limits apart; each limit has its own. */
  readonly keyPrefix: string;
  /** What a key may spend per window. */
  readonly points: number;
  /** The window, which starts with a key's first point. */
  readonly durationSeconds: number;
}

/** A limit that all processes share, and that each keeps for itself while Redis is away. */
export interface RateLimiter {
  /** Spends points, also when there are none left. */
  consume(key: string, points?: number): Promise<RateLimitVerdict>;
  /** Tells whether a point could be spent, without spending it. */
  check(key: string): Promise<RateLimitVerdict>;
  /** Forgets what a key has spent. */
  reset(key: string): Promise<void>;
}

/**
 * Creates a limit of `points` per window and key, counted in Redis. When Redis does not answer, this
 * process counts in its memory, from nothing; a limiter never fails a request.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { points: limit, durationSeconds: duration, keyPrefix } = options;
  const memory = new RateLimiterMemory({ keyPrefix, points: limit, duration });
  const shared = new RateLimiterRedis({
    storeClient: options.redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
    keyPrefix,
    points: limit,
    duration,
  });

  function verdict(state: RateLimiterRes, allowed: boolean): RateLimitVerdict {
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - state.consumedPoints),
      resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1_000)),
    };
  }

  return {
    async consume(key, points = 1) {
      try {
        return verdict(await shared.consume(key, points), true);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) {
          return verdict(refusal, false);
        }
        throw refusal;
      }
    },
    async check(key) {
      const state = await shared.get(key);
      if (state === null) {
        return { allowed: true, limit, remaining: limit, resetSeconds: duration };
      }
      return verdict(state, state.consumedPoints < limit);
    },
    async reset(key) {
      await memory.delete(key);
      await shared.delete(key);
    },
  };
}
