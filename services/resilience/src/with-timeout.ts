import { type Clock, systemClock } from './clock.ts';

/** Something took longer than it may. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ETIMEDOUT';
  readonly timeoutMs: number;

  constructor(what: string, timeoutMs: number) {
    super(`${what} took longer than ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** Options of {@link withTimeout}. */
export interface TimeoutOptions {
  readonly timeoutMs: number;
  /** Completes the sentence "... took longer than". @default 'the operation' */
  readonly what?: string;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Runs `work` with a deadline. The signal handed to it aborts when time is up or the caller's signal
 * does; the answer does not wait for `work` to notice.
 *
 * @throws TimeoutError when time is up, the signal's reason when the caller aborts
 */
export async function withTimeout<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  options: TimeoutOptions,
): Promise<Result> {
  const { timeoutMs, what = 'the operation', clock = systemClock } = options;
  options.signal?.throwIfAborted();
  const ended = new AbortController();
  const timer = new AbortController();
  const onAbort = (): void => ended.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });

  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  ended.signal.addEventListener('abort', () => reject(ended.signal.reason), { once: true });
  void clock.sleep(timeoutMs, timer.signal).then(
    () => ended.abort(new TimeoutError(what, timeoutMs)),
    () => undefined, // the work was faster
  );
  try {
    return await Promise.race([work(ended.signal), interrupted]);
  } finally {
    timer.abort();
    options.signal?.removeEventListener('abort', onAbort);
  }
}
