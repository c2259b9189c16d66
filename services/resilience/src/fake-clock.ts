import type { Clock } from './clock.ts';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock for tests: time passes only when told to. */
export interface FakeClock extends Clock {
  /** Lets time pass and wakes sleepers in their order, each with what it causes. */
  advance(durationMs: number): Promise<void>;
  /** Every delay that was asked for, in order. */
  readonly delays: readonly number[];
}

/** Lets everything that can run without time passing run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Starts at 0 ms. */
export function createFakeClock(): FakeClock {
  let nowMs = 0;
  const delays: number[] = [];
  const sleepers = new Set<Sleeper>();

  function nextBefore(untilMs: number): Sleeper | undefined {
    const due = [...sleepers].filter((sleeper) => sleeper.wakeAtMs <= untilMs);
    return due.toSorted((left, right) => left.wakeAtMs - right.wakeAtMs)[0];
  }

  return {
    delays,
    now: () => nowMs,
    sleep(delayMs, signal) {
      delays.push(delayMs);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (signal?.aborted === true) {
        reject(signal.reason);
        return promise;
      }
      const onAbort = (): void => {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        wakeAtMs: nowMs + delayMs,
        wake() {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      sleepers.add(sleeper);
      return promise;
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await settle();
      for (let next = nextBefore(untilMs); next !== undefined; next = nextBefore(untilMs)) {
        sleepers.delete(next);
        nowMs = next.wakeAtMs;
        next.wake();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}
