/** Says when something costly may be done again, so that it takes at most a given part of the time. */
export interface Pacer {
  isDue(nowMs: number): boolean;
  /** From when on it is due. */
  readonly nextMs: number;
  /** It was done. */
  did(nowMs: number, durationMs: number): void;
}

/** @param options.factor how many times its duration it rests; 20 means at most 5 % of the time */
export function createPacer(options: { readonly leastMs: number; readonly factor: number }): Pacer {
  let nextMs = -Infinity;
  let lastDurationMs = 0;
  return {
    isDue: (nowMs) => nowMs >= nextMs,
    get nextMs() {
      return nextMs;
    },
    did(nowMs, durationMs) {
      // slow once may be chance, slow twice is what it costs
      nextMs = nowMs + Math.max(options.leastMs, options.factor * Math.min(durationMs, lastDurationMs));
      lastDurationMs = durationMs;
    },
  };
}
