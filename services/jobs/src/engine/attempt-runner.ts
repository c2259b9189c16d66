import type { Clock } from '@taskflow/resilience';
import type { AnyJobHandler, JobResult, RunningJob } from '../job-handler.ts';
import { PayloadInvalidError } from '../payload-invalid-error.ts';
import { Attempt } from './attempt.ts';
import type { OnEngineEvent } from './engine-events.ts';
import { type JudgeAttempt, UnreadablePayload } from './judge.ts';
import type { Recorder } from './recorder.ts';
import type { ClaimedJob } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Tempo } from './tempo.ts';

/** Runs the work of one attempt inside whatever its logs and statements need to know. */
export type RunInContext = (
  job: RunningJob,
  work: () => Promise<JobResult | undefined>,
) => Promise<JobResult | undefined>;

/** What running attempts works with. */
export interface AttemptRunnerOptions {
  readonly recorder: Pick<Recorder, 'size'>;
  readonly tempo: Pick<Tempo, 'took'>;
  readonly judge: JudgeAttempt;
  readonly running: Set<Attempt>;
  readonly settings: Pick<ResolvedSettings, 'concurrency'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly onEvent: OnEngineEvent;
  readonly runInContext: RunInContext | undefined;
  readonly onStarted: () => void;
  /** Nothing more is started. */
  readonly closed: AbortSignal;
}

/** An attempt whose lease is kept. */
export interface Attended {
  readonly attempt: Attempt;
  /** Resolves when its slot is free again. */
  readonly ended: Promise<void>;
}

/** What is around a handler that runs, without PostgreSQL: deadline, breakers, retry. */
export interface AttemptRunner {
  attend(handler: AnyJobHandler, job: ClaimedJob): Attended;
  /** Starts the handler, unless it was told to end before. */
  run(handler: AnyJobHandler, attempt: Attempt): void;
}

/** Ends that may wait to be written before a slot waits for its own. */
const backlogBySlot = 5;

/** Creates a runner; no timer belongs to a single attempt. */
export function createAttemptRunner(options: AttemptRunnerOptions): AttemptRunner {
  const { recorder, tempo, running, settings, clock, onEvent, closed } = options;

  /** From now on its lease is kept. Its slot is free again when `ended` resolves. */
  function attend(handler: AnyJobHandler, job: ClaimedJob): Attended {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const attempt = new Attempt(job, clock.now(), (settled) => {
      running.delete(attempt);
      // one that waited in vain for a slot is to be claimed with a slot next time
      tempo.took(job.type, clock.now() - (attempt.startedMs ?? attempt.claimedMs));
      const recorded = options.judge(handler, attempt, settled);
      // who counts what is under way must not count this one any more
      const isCounted = handler.type.concurrency !== undefined;
      if (isCounted || recorder.size > settings.concurrency * backlogBySlot) {
        void recorded.then(resolve);
      } else {
        resolve();
      }
    });
    running.add(attempt);
    options.onStarted();
    if (closed.aborted) {
      attempt.abort('shutdown', clock.now());
      attempt.settle({ error: closed.reason });
    }
    return { attempt, ended };
  }

  function run(handler: AnyJobHandler, attempt: Attempt): void {
    if (closed.aborted) {
      attempt.abort('shutdown', clock.now());
    }
    if (attempt.abortCause !== undefined) {
      attempt.settle({ error: new Error('it was told to end before it began') });
    }
    if (attempt.begin(clock.now(), handler.type.timeoutMs)) {
      onEvent({ kind: 'started', type: attempt.type, waitedMs: attempt.job.waitedMs });
      start(handler, attempt).then(
        (result) => attempt.settle({ result }),
        (error: unknown) => attempt.settle({ error }),
      );
    }
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

  return { attend, run };
}
