import { isDatabaseUnavailable, isTransactionConflict } from '@taskflow/db';
import { type Clock, retry } from '@taskflow/resilience';

/** Whether the same statement may succeed a little later. */
export function mayPass(error: unknown): boolean {
  return isDatabaseUnavailable(error) || isTransactionConflict(error);
}

/**
 * Repeats a write of the engine's own while PostgreSQL is away: what is written is guarded by attempt or dispatch
 * number, so doing it twice is the same as once.
 *
 * @throws the last error when `deadlineMs` has passed, at once when waiting does not help, or when the signal aborts
 */
export function whileUnavailable<Result>(
  work: () => Promise<Result>,
  options: { clock: Clock; random: () => number; deadlineMs: number; signal?: AbortSignal },
): Promise<Result> {
  return retry(work, { ...options, baseDelayMs: 100, maxDelayMs: 2_000, shouldRetry: mayPass });
}
