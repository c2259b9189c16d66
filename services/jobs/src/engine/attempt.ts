import type { Executor } from '@taskflow/db';
import { type JobResult, type RunningJob, SupersededError } from '../job-handler.ts';
import { type ClaimedJob, completeJobIn } from './run-queries.ts';

/** Why a handler was told to end. */
export type AbortCause = 'timeout' | 'canceled' | 'superseded' | 'shutdown';

/** What a handler came to. */
export type Settled = { readonly result: JobResult | undefined } | { readonly error: unknown };

/** The reason of an attempt's signal. */
class AttemptAbortedError extends Error {
  override readonly name = 'AbortError';
  readonly why: AbortCause;

  constructor(why: AbortCause) {
    super(`the job was told to end: ${why}`);
    this.why = why;
  }
}

/** One attempt under way. Creates its AbortController only for a handler that asks for the signal. */
export class Attempt implements RunningJob {
  readonly job: ClaimedJob;
  readonly claimedMs: number;
  /** When its handler began; `undefined` while it waits for a slot. */
  startedMs: number | undefined;
  deadlineMs = Infinity;
  /** When its lease was last known to hold. */
  renewedMs: number;
  abortedMs: number | undefined;
  abortCause: AbortCause | undefined;
  isCompletedInTransaction = false;
  progressDone: number | undefined;
  readonly #onSettled: (settled: Settled) => void;
  #controller: AbortController | undefined;
  #isSettled = false;

  constructor(job: ClaimedJob, claimedMs: number, onSettled: (settled: Settled) => void) {
    this.job = job;
    this.claimedMs = claimedMs;
    this.renewedMs = claimedMs;
    this.#onSettled = onSettled;
  }

  get id(): string {
    return this.job.id;
  }

  get type(): string {
    return this.job.type;
  }

  get attempt(): number {
    return this.job.attempt;
  }

  get workspaceId(): string | undefined {
    return this.job.workspaceId ?? undefined;
  }

  get requestedBy(): string | undefined {
    return this.job.requestedBy ?? undefined;
  }

  get taskId(): string | undefined {
    return this.job.taskId ?? undefined;
  }

  get requestId(): string | undefined {
    return this.job.requestId ?? undefined;
  }

  get traceParent(): string | undefined {
    return this.job.traceParent ?? undefined;
  }

  get createdAt(): Date {
    return this.job.createdAt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.abortCause !== undefined) {
        this.#controller.abort(new AttemptAbortedError(this.abortCause));
      }
    }
    return this.#controller.signal;
  }

  progress(done: number): void {
    this.progressDone = Math.min(1, Math.max(0, done));
  }

  async completeIn(executor: Executor, result?: JobResult): Promise<void> {
    const isCurrent =
      this.abortCause !== 'superseded' &&
      (await completeJobIn(executor, { id: this.id, attempt: this.attempt, result }));
    if (!isCurrent) {
      throw new SupersededError(`attempt ${this.attempt} of job ${this.id} is no longer the current one`);
    }
    this.isCompletedInTransaction = true;
  }

  /** Its handler begins. @returns false when it is too late for that */
  begin(nowMs: number, timeoutMs: number): boolean {
    if (this.#isSettled) {
      return false;
    }
    this.startedMs = nowMs;
    this.deadlineMs = nowMs + timeoutMs;
    return true;
  }

  /** Tells the handler to end; the first cause stays. */
  abort(cause: AbortCause, nowMs: number): void {
    if (this.abortCause === undefined) {
      this.abortCause = cause;
      this.abortedMs = nowMs;
      this.#controller?.abort(new AttemptAbortedError(cause));
    }
  }

  /** What comes first counts: the handler's own end, or that it was given up. @returns whether this was it */
  settle(settled: Settled): boolean {
    if (this.#isSettled) {
      return false;
    }
    this.#isSettled = true;
    this.#onSettled(settled);
    return true;
  }
}
