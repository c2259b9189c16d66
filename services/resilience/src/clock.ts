import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Time as a dependency, so that tests decide how fast it passes. */
export interface Clock {
  /** Milliseconds that only go forward; says nothing about the date. */
  now(): number;
  /** Resolves after `delayMs`. @throws the signal's reason when it aborts first */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time; a pending sleep keeps the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(delayMs, signal) {
    try {
      await delay(delayMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node wraps the reason in an AbortError of its own
      signal?.throwIfAborted();
      throw error;
    }
  },
};
