const windowSeconds = 60;

interface Ring {
  /** Successes by second, each in the place of its last digit to the base of 60. */
  readonly counts: Uint32Array;
  second: number;
  lastAtMs: number;
}

/** Successes of one worker in scopes without failures, which nobody else needs to know of yet. */
export interface SuccessLedger {
  add(scopeKey: string, atMs: number): void;
  /** Hands out the last minute of a scope, by the beginnings of its seconds, and forgets it. */
  take(
    scopeKey: string,
    nowMs: number,
  ): { readonly seconds: readonly { readonly atMs: number; readonly count: number }[]; readonly lastAtMs: number };
  /** Forgets scopes that have been idle for a minute. */
  prune(nowMs: number): void;
  readonly size: number;
}

/**
 * Counts successes by second at the cost of a map access. Its memory is bounded: of scopes beyond `maxScopes` within a
 * minute nothing is counted, which makes their breakers a little quicker to open.
 */
export function createSuccessLedger(maxScopes = 10_000): SuccessLedger {
  const rings = new Map<string, Ring>();

  function advance(ring: Ring, second: number): void {
    const steps = Math.min(second - ring.second, windowSeconds);
    for (let step = 1; step <= steps; step += 1) {
      ring.counts[(ring.second + step) % windowSeconds] = 0;
    }
    ring.second = Math.max(ring.second, second);
  }

  return {
    get size() {
      return rings.size;
    },
    add(key, atMs) {
      const second = Math.floor(atMs / 1_000);
      let ring = rings.get(key);
      if (ring === undefined) {
        if (rings.size >= maxScopes) {
          return;
        }
        ring = { counts: new Uint32Array(windowSeconds), second, lastAtMs: atMs };
        rings.set(key, ring);
      } else if (ring.second !== second) {
        advance(ring, second);
      }
      const place = second % windowSeconds;
      ring.counts[place] = (ring.counts[place] ?? 0) + 1;
      ring.lastAtMs = atMs;
    },
    take(key, nowMs) {
      const ring = rings.get(key);
      rings.delete(key);
      const seconds: { atMs: number; count: number }[] = [];
      if (ring === undefined) {
        return { seconds, lastAtMs: 0 };
      }
      const nowSecond = Math.floor(nowMs / 1_000);
      advance(ring, nowSecond);
      for (let second = nowSecond - windowSeconds + 1; second <= nowSecond; second += 1) {
        const count = ring.counts[second % windowSeconds] ?? 0;
        if (count > 0) {
          seconds.push({ atMs: second * 1_000, count });
        }
      }
      return { seconds, lastAtMs: ring.lastAtMs };
    },
    prune(nowMs) {
      for (const [key, { lastAtMs }] of rings) {
        if (lastAtMs < nowMs - windowSeconds * 1_000) {
          rings.delete(key);
        }
      }
    },
  };
}
