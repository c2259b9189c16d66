import type { Executor } from '@taskflow/db';
import type { JobType } from './job-type.ts';
import { PayloadInvalidError } from './payload-invalid-error.ts';

/** The attempt that a handler is working on. */
export interface RunningJob {
  readonly id: string;
  readonly type: string;
  /** Counts from 1 and never starts again. */
  readonly attempt: number;
  readonly workspaceId: string | undefined;
  readonly requestedBy: string | undefined;
  readonly taskId: string | undefined;
  readonly requestId: string | undefined;
  readonly traceParent: string | undefined;
  readonly createdAt: Date;
  /** Aborts when the job is canceled, takes too long, lost its lease, or when the worker must leave. */
  readonly signal: AbortSignal;
  /** Shown to people while the job runs, in [0, 1]; kept with the next heart-beat. */
  progress(done: number): void;
  /**
   * Completes the job inside a transaction, together with its effect in PostgreSQL: both are kept, exactly once, or
   * neither. Call it last. A handler that does not call it is completed after it returns.
   *
   * @throws SupersededError when this attempt is no longer the current one; let it roll the transaction back
   */
  completeIn(executor: Executor, result?: JobResult): Promise<void>;
}

/** What a job leaves behind for people to see; bounded, without secrets. */
export type JobResult = Readonly<Record<string, string | number | boolean | null>>;

/** Does the work of one attempt; throws to fail it. Every wait in it ends when the signal aborts. */
export type HandleJob<Payload> = (payload: Payload, job: RunningJob) => Promise<JobResult | undefined>;

/** A type of job with its handler. */
export interface JobHandler<Payload = unknown> {
  readonly type: JobType<Payload>;
  readonly handle: HandleJob<Payload>;
}

/** A handler of any type, its payload checked before each run. */
export interface AnyJobHandler {
  readonly type: JobType;
  /**
   * Checks a payload and answers the work on it.
   *
   * @throws PayloadInvalidError when it is not what the type says
   */
  readonly prepare: (payload: unknown) => (job: RunningJob) => Promise<JobResult | undefined>;
  /** Both in one. */
  readonly handle: HandleJob<unknown>;
}

/** This attempt is no longer the current one: its lease ran out, or somebody ended the job. Nothing may be written. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

/** Joins a type and its handler; the payload is parsed by the type's schema before the handler sees it. */
export function handleJob<Payload>(type: JobType<Payload>, handle: HandleJob<Payload>): AnyJobHandler {
  const prepare: AnyJobHandler['prepare'] = (payload) => {
    const parsed = type.payload.safeParse(payload);
    if (!parsed.success) {
      throw new PayloadInvalidError(type.name, parsed.error);
    }
    return (job) => handle(parsed.data, job);
  };
  return {
    type: { ...type, scope: (payload) => type.scope?.(type.payload.parse(payload)) ?? '' },
    prepare,
    handle: async (payload, job) => prepare(payload)(job),
  };
}
