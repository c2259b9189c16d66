import { type Clock, systemClock } from './clock.ts';

/** How long to wait between attempts. */
export interface BackoffOptions {
  /** Upper bound of the first delay. */
  readonly baseDelayMs: number;
  /** Upper bound of every delay. */
  readonly maxDelayMs: number;
}

/**
 * The delay after the `attempt`-th failure (from 1): exponential with full jitter, that is anywhere
 * between 0 and the bound, so that clients that failed together do not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param random in [0, 1)
 */
export function backoffDelayMs(attempt: number, options: BackoffOptions, random: () => number): number {
  const exponent = Math.min(attempt - 1, 30);
  return Math.floor(random() * Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** exponent));
}

/** Options of {@link retry}; without `attempts` and `deadlineMs` it goes on until the signal aborts. */
export interface RetryOptions extends BackoffOptions {
  /** Attempts in all. @default unlimited */
  readonly attempts?: number;
  /** No attempt starts later than this after the first. @default unlimited */
  readonly deadlineMs?: number;
  /** @default every error is worth another attempt */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** Called before each wait. */
  readonly onRetry?: (failure: { error: unknown; attempt: number; delayMs: number }) => void;
  readonly signal?: AbortSignal;
  /** @default systemClock */
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/**
 * Calls `work` until it resolves.
 *
 * @throws the last error when it is not worth retrying or attempts or time are used up; the signal's
 *   reason when it aborts during a wait
 */
export async function retry<Result>(
  work: (attempt: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { clock = systemClock, random = Math.random, attempts = Infinity, deadlineMs = Infinity } = options;
  const startedAtMs = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      const delayMs = backoffDelayMs(attempt, options, random);
      const isLate = clock.now() - startedAtMs + delayMs > deadlineMs;
      if (attempt >= attempts || isLate || options.shouldRetry?.(error) === false) {
        throw error;
      }
      options.onRetry?.({ error, attempt, delayMs });
      await clock.sleep(delayMs, options.signal);
    }
  }
}
