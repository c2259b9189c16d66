import { createHash } from 'node:crypto';
import { DomainError, type LoginGuard } from '@taskflow/domain';
import type { RateLimiter } from '@taskflow/redis';

/**
 * Counts wrong passwords with a rate limiter, so that all processes know of them.
 *
 * @param onLimited told when somebody has to wait
 */
export function createLoginGuard(limiter: RateLimiter, onLimited: () => void): LoginGuard {
  return {
    async check(key) {
      const { allowed, resetSeconds } = await limiter.check(digest(key));
      if (!allowed) {
        onLimited();
        throw new DomainError('too_many_requests', 'Too many wrong passwords', { retryAfterSeconds: resetSeconds });
      }
    },
    async failed(key) {
      await limiter.consume(digest(key));
    },
    async succeeded(key) {
      await limiter.reset(digest(key));
    },
  };
}

/** Addresses of people have no business in Redis. */
const digest = (key: string) => createHash('sha256').update(key).digest('base64url');
