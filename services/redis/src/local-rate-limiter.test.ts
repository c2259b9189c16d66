import { describe, expect, it } from 'vitest';
import { createLocalRateLimiter } from './local-rate-limiter.ts';

describe('createLocalRateLimiter', () => {
  it('allows its points per window and key, then refuses until the window ends', () => {
    let nowMs = 0;
    const limiter = createLocalRateLimiter({ points: 2, durationSeconds: 10, now: () => nowMs });
    expect(limiter.consume('a')).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 10 });
    nowMs = 4_500;
    expect(limiter.consume('a')).toEqual({ allowed: true, limit: 2, remaining: 0, resetSeconds: 6 });
    expect(limiter.consume('a')).toEqual({ allowed: false, limit: 2, remaining: 0, resetSeconds: 6 });
    expect(limiter.consume('b').allowed).toBe(true);
    nowMs = 10_000;
    expect(limiter.consume('a')).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 10 });
  });

  it('keeps a bounded number of keys, and goes on counting those it has', () => {
    const limiter = createLocalRateLimiter({ points: 1, durationSeconds: 10, now: () => 0, maxKeys: 2 });
    for (const key of ['a', 'b', 'c', 'c']) {
      expect(limiter.consume(key).allowed).toBe(true);
    }
    expect(limiter.consume('a').allowed).toBe(false);
  });
});
