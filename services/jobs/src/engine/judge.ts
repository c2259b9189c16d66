import { type Clock, TimeoutError } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { AnyJobHandler, JobResult } from '../job-handler.ts';
import type { PayloadInvalidError } from '../payload-invalid-error.ts';
import { classify } from '../retry/classify.ts';
import {
  canceledOutcome,
  type FailedOutcome,
  failedOutcome,
  payloadInvalidOutcome,
  returnedOutcome,
} from '../retry/outcome.ts';
import { retrySettingsOf } from '../retry/retry-settings.ts';
import type { AbortCause, Attempt, Settled } from './attempt.ts';
import type { AttemptEnd, EngineEvent, OnEngineEvent } from './engine-events.ts';
import type { Recorder } from './recorder.ts';
import type { ClaimedJob } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';

/** What judging attempts works with. */
export interface JudgeOptions {
  readonly breakers: Breakers;
  readonly recorder: Recorder;
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: OnEngineEvent;
  /** A job is tried again in so long. */
  readonly onRetryIn: (delayMs: number) => void;
}

/** Says what an attempt came to: tells the breakers, and has it written down. Never rejects. */
export type JudgeAttempt = (handler: AnyJobHandler, attempt: Attempt, settled: Settled) => Promise<void>;

/** Creates a judge. */
export function createJudge(options: JudgeOptions): JudgeAttempt {
  const { breakers, recorder, settings, clock, onEvent } = options;

  function returnProbe(job: ClaimedJob): void {
    if (job.isProbe) {
      breakers.probeReturned(job);
    }
  }

  function failureOf(handler: AnyJobHandler, attempt: Attempt, error: unknown): FailedOutcome {
    const { job } = attempt;
    if (error instanceof UnreadablePayload) {
      returnProbe(job);
      return payloadInvalidOutcome(job.type, error.message);
    }
    const byCause = attempt.abortCause === undefined ? undefined : outcomeOfCause[attempt.abortCause];
    if (byCause !== undefined) {
      returnProbe(job);
      return byCause;
    }
    const failure = classify(
      attempt.abortCause === 'timeout' ? new TimeoutError('the handler', handler.type.timeoutMs) : error,
    );
    if (failure.countsForBreaker) {
      breakers.failed(job, failure.code, { isProbe: job.isProbe });
    } else {
      returnProbe(job);
    }
    return failedOutcome({
      scope: job,
      tries: job.tries,
      failure,
      settings: retrySettingsOf(handler.type, settings),
      random: options.random,
    });
  }

  async function record(handler: AnyJobHandler, attempt: Attempt, settled: Settled): Promise<void> {
    try {
      if ('result' in settled) {
        await recordSuccess(attempt, settled.result);
      } else {
        await recordFailure(handler, attempt, settled.error);
      }
    } catch (error) {
      // the lease runs out and the reconciler takes over
      onEvent({ kind: 'fault', where: 'record', error });
      ended(attempt, 'superseded', { error });
    }
  }

  async function recordSuccess(attempt: Attempt, result: JobResult | undefined): Promise<void> {
    const { job } = attempt;
    breakers.succeeded(job, job.isProbe ? probe : undefined);
    const isCurrent = attempt.isCompletedInTransaction || (await recorder.succeeded(attempt, result));
    ended(attempt, isCurrent ? 'succeeded' : 'superseded', {});
  }

  async function recordFailure(handler: AnyJobHandler, attempt: Attempt, error: unknown): Promise<void> {
    // a handler may be wrong about that: its row says whether the attempt is over, see below
    if (attempt.abortCause === 'superseded') {
      returnProbe(attempt.job);
      ended(attempt, 'superseded', { error });
      return;
    }
    const outcome = failureOf(handler, attempt, error);
    const row = await recorder.failed(attempt, outcome);
    if (row === undefined) {
      ended(attempt, 'superseded', { error });
      return;
    }
    if (row.state === 'retrying') {
      options.onRetryIn(outcome.delayMs);
    }
    ended(attempt, endOf(row.state), { code: outcome.code, reason: row.reason ?? undefined, error });
  }

  function ended(
    attempt: Attempt,
    outcome: AttemptEnd,
    details: Partial<Pick<Extract<EngineEvent, { kind: 'ended' }>, 'code' | 'reason' | 'error'>>,
  ): void {
    const { type, id, attempt: number, startedMs, claimedMs } = attempt;
    onEvent({
      kind: 'ended',
      type,
      jobId: id,
      attempt: number,
      outcome,
      durationMs: clock.now() - (startedMs ?? claimedMs),
      code: details.code,
      reason: details.reason,
      error: details.error,
    });
  }

  return record;
}

/** The row's payload cannot be read by this release; a handler that makes an unreadable one for others just failed. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';

  constructor(cause: PayloadInvalidError) {
    const fields = cause.fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
    super(`${cause.message}: ${fields}`.slice(0, 1_000), { cause });
  }
}

const probe = { isProbe: true } as const;

const outcomeOfCause: Readonly<Record<AbortCause, FailedOutcome | undefined>> = {
  canceled: canceledOutcome,
  shutdown: returnedOutcome,
  timeout: undefined,
  superseded: undefined,
};

function endOf(state: string): AttemptEnd {
  switch (state) {
    case 'canceled':
    case 'quarantined':
    case 'retrying':
      return state;
    default:
      return 'returned';
  }
}
