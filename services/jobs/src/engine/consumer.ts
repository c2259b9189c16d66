import type { JobPriority } from '@taskflow/contract/jobs';
import type { Database } from '@taskflow/db';
import { type Clock, TimeoutError } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import { type AnyJobHandler, type JobResult, type RunningJob, SupersededError } from '../job-handler.ts';
import { PayloadInvalidError } from '../payload-invalid-error.ts';
import { classify } from '../retry/classify.ts';
import {
  canceledOutcome,
  type FailedOutcome,
  failedOutcome,
  payloadInvalidOutcome,
  returnedOutcome,
} from '../retry/outcome.ts';
import { retrySettingsOf } from '../retry/retry-settings.ts';
import type { Delivery } from '../transport/transport.ts';
import { Attempt, type AbortCause, type Settled } from './attempt.ts';
import { createBatcher } from './batcher.ts';
import type { AttemptEnd, OnEngineEvent } from './engine-events.ts';
import type { Recorder } from './recorder.ts';
import { type Claim, claimJobs, type ClaimedJob, putBackJob } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Slots } from './slots.ts';
import { whileUnavailable } from './while-unavailable.ts';

/** Runs the work of one attempt inside whatever its logs and statements need to know. */
export type RunInContext = (
  job: RunningJob,
  work: () => Promise<JobResult | undefined>,
) => Promise<JobResult | undefined>;

/** What a consumer works with. */
export interface ConsumerOptions {
  readonly database: Database;
  readonly handlers: ReadonlyMap<string, AnyJobHandler>;
  readonly breakers: Breakers;
  readonly slots: Slots;
  readonly recorder: Recorder;
  readonly running: Set<Attempt>;
  readonly worker: string;
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: OnEngineEvent;
  readonly runInContext: RunInContext | undefined;
  /** A delivery left the transport. */
  readonly onClaimed: (priority: JobPriority) => void;
  readonly onStarted: () => void;
  readonly onEnded: (handler: AnyJobHandler) => void;
  readonly onRetryIn: (delayMs: number) => void;
}

/** Claims deliveries and runs their handlers. */
export interface Consumer {
  consume(delivery: Delivery): Promise<void>;
  /** Claims nothing more. */
  close(): void;
}

const mostClaims = 100;

/** Ends that may wait to be written before a delivery waits for its own. */
const backlogBySlot = 5;

/** Creates a consumer; `consume` never rejects. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { database, handlers, breakers, slots, recorder, running, worker, settings, clock, onEvent } = options;
  const closed = new AbortController();
  const patience = { clock, random: options.random, deadlineMs: settings.staleAfterMs, signal: closed.signal };
  const claims = createBatcher<Claim, ClaimedJob | undefined>({
    run: (items) => whileUnavailable(() => claimJobs(database, items, { worker, leaseMs: settings.leaseMs }), patience),
    maxItems: mostClaims,
  });

  async function consume(delivery: Delivery): Promise<void> {
    const handler = handlers.get(delivery.type);
    if (handler === undefined) {
      await putBack(delivery);
      return;
    }
    const { priority } = delivery;
    if (!slots.tryAcquire(priority)) {
      await slots.acquire(priority);
    }
    try {
      const job = closed.signal.aborted ? undefined : await claim(delivery);
      if (job?.state === 'running') {
        await run(handler, job);
      } else if (job !== undefined) {
        onEvent({ kind: 'held', type: job.type, state: job.state });
      }
    } finally {
      slots.release(priority);
      options.onEnded(handler);
    }
  }

  async function putBack(delivery: Delivery): Promise<void> {
    try {
      await putBackJob(database, delivery);
    } catch (error) {
      onEvent({ kind: 'fault', where: 'put back', error });
    }
    options.onClaimed(delivery.priority);
  }

  async function claim(delivery: Delivery): Promise<ClaimedJob | undefined> {
    try {
      return await claims.add({ delivery, breakerKey: breakers.gateOf(delivery)?.breakerKey });
    } catch (error) {
      // the row stays queued: the reconciler finds it
      onEvent({ kind: 'fault', where: 'claim', error });
      return undefined;
    } finally {
      options.onClaimed(delivery.priority);
    }
  }

  /** Resolves when the slot is free again, which is not later than the handler's end. */
  function run(handler: AnyJobHandler, job: ClaimedJob): Promise<void> {
    return new Promise((resolve) => {
      const startedMs = clock.now();
      const times = { startedMs, deadlineMs: startedMs + handler.type.timeoutMs };
      const attempt = new Attempt(job, times, (settled) => {
        running.delete(attempt);
        const recorded = record(handler, attempt, settled);
        if (recorder.size > settings.concurrency * backlogBySlot) {
          void recorded.then(resolve);
        } else {
          resolve();
        }
      });
      running.add(attempt);
      options.onStarted();
      onEvent({ kind: 'started', type: job.type, waitedMs: job.waitedMs });
      start(handler, attempt).then(
        (result) => attempt.settle({ result }),
        (error: unknown) => attempt.settle({ error }),
      );
    });
  }

  async function start(handler: AnyJobHandler, attempt: Attempt): Promise<JobResult | undefined> {
    let work: ReturnType<AnyJobHandler['prepare']>;
    try {
      work = handler.prepare(attempt.job.payload);
    } catch (error) {
      throw error instanceof PayloadInvalidError ? new UnreadablePayload(error) : error;
    }
    return options.runInContext === undefined
      ? work(attempt)
      : options.runInContext(attempt, async () => work(attempt));
  }

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
    }
  }

  async function recordSuccess(attempt: Attempt, result: JobResult | undefined): Promise<void> {
    const { job } = attempt;
    breakers.succeeded(job, job.isProbe ? probe : undefined);
    const isCurrent = attempt.isCompletedInTransaction || (await recorder.succeeded(attempt, result));
    ended(attempt, isCurrent ? 'succeeded' : 'superseded', {});
  }

  async function recordFailure(handler: AnyJobHandler, attempt: Attempt, error: unknown): Promise<void> {
    if (attempt.abortCause === 'superseded' || error instanceof SupersededError) {
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
    details: Partial<Pick<Extract<Parameters<OnEngineEvent>[0], { kind: 'ended' }>, 'code' | 'reason' | 'error'>>,
  ): void {
    const { type, id, attempt: number, startedMs } = attempt;
    onEvent({
      kind: 'ended',
      type,
      jobId: id,
      attempt: number,
      outcome,
      durationMs: clock.now() - startedMs,
      code: details.code,
      reason: details.reason,
      error: details.error,
    });
  }

  return { consume, close: () => closed.abort(new Error('the worker leaves')) };
}

/** The row's payload cannot be read by this release; a handler that makes an unreadable one for others just failed. */
class UnreadablePayload extends Error {
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
