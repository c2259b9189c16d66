/** Says when something costly may be done again, so that it takes at most a given part of the time. */
export interface Pacer {
  isDue(nowMs: number): boolean;
  /** From when on it is due. */
  readonly nextMs: number;
  /** It was done. */
  did(nowMs: number, durationMs: number): void;
}

/**
 * @param options.factor how many times its duration it rests; 20 means at most 5 % of the time
 * @param options.mostMs somebody waits for it: it rests no longer, unless even three durations are. @default no limit
 */
export function createPacer(options: {
  readonly leastMs: number;
  readonly factor: number;
  readonly mostMs?: number;
}): Pacer {
  const { leastMs, factor, mostMs = Infinity } = options;
  let nextMs = -Infinity;
  let lastDurationMs = 0;
  return {
    isDue: (nowMs) => nowMs >= nextMs,
    get nextMs() {
      return nextMs;
    },
    did(nowMs, durationMs) {
      // slow once may be chance, slow twice is what it costs
      const knownMs = Math.min(durationMs, lastDurationMs);
      nextMs = nowMs + Math.max(leastMs, Math.min(factor * knownMs, Math.max(mostMs, 3 * knownMs)));
      lastDurationMs = durationMs;
    },
  };
}
