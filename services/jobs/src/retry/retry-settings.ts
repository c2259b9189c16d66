import type { JobType } from '../job-type.ts';

/** How often and how fast jobs of a type are tried again, configuration applied. */
export interface RetrySettings {
  /** Attempts in all. */
  readonly maxAttempts: number;
  /** Before the second attempt. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
}

const defaultMaxDelayMs = 15 * 60_000;

/** However long the other side asks to be left alone. */
const longestRetryAfterMs = 24 * 3_600_000;

/** What a type says about itself, else what the instance is configured to. */
export function retrySettingsOf(
  type: Pick<JobType, 'retry'>,
  instance: { readonly maxAttempts: number; readonly retryDelayMs: number },
): RetrySettings {
  const { maxAttempts = instance.maxAttempts, delayMs = instance.retryDelayMs } = type.retry ?? {};
  return { maxAttempts, delayMs, maxDelayMs: type.retry?.maxDelayMs ?? Math.max(defaultMaxDelayMs, delayMs) };
}

/**
 * The pause after the `tries`-th failure (from 1): doubles with each, up to the longest, a quarter more or less so that
 * jobs that failed together do not come back together. Never shorter than the other side asked for.
 *
 * @param random in [0, 1)
 */
export function retryDelayMs(
  tries: number,
  settings: RetrySettings,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const exponent = Math.min(Math.max(tries - 1, 0), 30);
  const bound = Math.min(settings.maxDelayMs, settings.delayMs * 2 ** exponent);
  const backoffMs = Math.round(bound * (0.75 + random() / 2));
  if (retryAfterMs === undefined || Number.isNaN(retryAfterMs)) {
    return backoffMs;
  }
  const askedMs = Math.min(Math.max(retryAfterMs, 0), longestRetryAfterMs);
  return Math.max(backoffMs, Math.round(askedMs * (1 + random() / 10)));
}
