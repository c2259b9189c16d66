/** How long handlers take, by type, as seen in this process. */
export interface Tempo {
  took(type: string, durationMs: number): void;
  /** What a handler is likely to take; `undefined` as long as none has run. */
  workMs(type: string): number | undefined;
}

/** A type that has become quicker is believed step by step, one that has become slower at once. */
const belief = 0.1;

/** How many times slower than known is no accident. */
const isSlower = 4;

/** Knows nothing yet. */
export function createTempo(): Tempo {
  const durations = new Map<string, number>();
  return {
    took(type, durationMs) {
      const known = durations.get(type) ?? durationMs;
      durations.set(
        type,
        durationMs > Math.max(1, known * isSlower) ? durationMs : known + (durationMs - known) * belief,
      );
    },
    workMs: (type) => durations.get(type),
  };
}
