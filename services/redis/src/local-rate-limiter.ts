import type { RateLimitVerdict } from './rate-limit.ts';

/** Options of {@link createLocalRateLimiter}. */
export interface LocalRateLimiterOptions {
  /** What a key may spend per window. */
  readonly points: number;
  /** All keys share one window. */
  readonly durationSeconds: number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** Keys remembered in a window; beyond that new keys are allowed uncounted. @default 100,000 */
  readonly maxKeys?: number;
}

/** A limit in this process's memory. */
export interface LocalRateLimiter {
  /** Spends a point. */
  consume(key: string): RateLimitVerdict;
}

/**
 * Creates a limit that costs one map access: a guard against floods, before anything dearer runs.
 * Its memory is bounded, and forgotten as a whole when the window ends.
 */
export function createLocalRateLimiter(options: LocalRateLimiterOptions): LocalRateLimiter {
  const { points: limit, durationSeconds, now, maxKeys = 100_000 } = options;
  const spent = new Map<string, number>();
  let windowEndsAtMs = 0;
  return {
    consume(key) {
      const nowMs = now();
      if (nowMs >= windowEndsAtMs) {
        spent.clear();
        windowEndsAtMs = nowMs + durationSeconds * 1_000;
      }
      const points = (spent.get(key) ?? 0) + 1;
      if (points > 1 || spent.size < maxKeys) {
        spent.set(key, points);
      }
      return {
        allowed: points <= limit,
        limit,
        remaining: Math.max(0, limit - points),
        resetSeconds: Math.max(1, Math.ceil((windowEndsAtMs - nowMs) / 1_000)),
      };
    },
  };
}
