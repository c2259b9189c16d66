import type { QuarantineReason } from '@taskflow/contract/jobs';
import { type BreakerScope, breakerKey } from '../breakers/breakers.ts';
import type { Failure } from './classify.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type RetrySettings, retryDelayMs } from './retry-settings.ts';

/** What becomes of a job whose attempt did not succeed. */
export interface FailedOutcome {
  readonly state: 'retrying' | 'quarantined' | 'pending' | 'canceled';
  /** How the attempt itself is remembered. */
  readonly attemptOutcome: 'failed' | 'canceled' | 'returned';
  /** Before the next attempt. */
  readonly delayMs: number;
  readonly reason: QuarantineReason | undefined;
  readonly breakerKey: string | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly fingerprint: string | undefined;
}

const quiet = {
  delayMs: 0,
  reason: undefined,
  breakerKey: undefined,
  code: undefined,
  message: undefined,
  fingerprint: undefined,
} as const;

/** Somebody canceled it while it ran. */
export const canceledOutcome: FailedOutcome = { ...quiet, state: 'canceled', attemptOutcome: 'canceled' };

/** The worker leaves; the job is run by another one, and the try does not count. */
export const returnedOutcome: FailedOutcome = { ...quiet, state: 'pending', attemptOutcome: 'returned' };

/** The payload is not what its type says: no attempt will help, and the other side has nothing to do with it. */
export function payloadInvalidOutcome(type: string, message: string): FailedOutcome {
  const code = 'PAYLOAD_INVALID';
  return {
    ...quiet,
    state: 'quarantined',
    attemptOutcome: 'failed',
    reason: 'payload_invalid',
    code,
    message,
    fingerprint: fingerprintOf(type, code, message),
  };
}

/** Tries again while that may help and tries are left; keeps the job for people otherwise. */
export function failedOutcome(options: {
  scope: BreakerScope;
  /** Since the last release, this one included. */
  tries: number;
  failure: Failure;
  settings: RetrySettings;
  random: () => number;
}): FailedOutcome {
  const { scope, tries, failure, settings, random } = options;
  const error = {
    attemptOutcome: 'failed',
    code: failure.code,
    message: failure.message,
    fingerprint: fingerprintOf(scope.type, failure.code, failure.message),
    breakerKey: failure.countsForBreaker ? breakerKey(scope, failure.code) : undefined,
  } as const;
  if (failure.retryable && tries < settings.maxAttempts) {
    const delayMs = retryDelayMs(tries, settings, failure.retryAfterMs, random);
    return { ...error, state: 'retrying', delayMs, reason: undefined, breakerKey: undefined };
  }
  return { ...error, state: 'quarantined', delayMs: 0, reason: 'exhausted' };
}
