import type { JobPriority } from '@taskflow/contract/jobs';
import type { Database } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { AnyJobHandler, JobResult, RunningJob } from '../job-handler.ts';
import { PayloadInvalidError } from '../payload-invalid-error.ts';
import type { Delivery } from '../transport/transport.ts';
import { Attempt } from './attempt.ts';
import { createBatcher } from './batcher.ts';
import type { OnEngineEvent } from './engine-events.ts';
import { type JudgeAttempt, UnreadablePayload } from './judge.ts';
import type { Recorder } from './recorder.ts';
import { type Claim, claimJobs, type ClaimedJob, putBackJob } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Slots } from './slots.ts';
import { mayPass, whileUnavailable } from './while-unavailable.ts';

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
  readonly judge: JudgeAttempt;
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
}

/** Claims deliveries and runs their handlers. */
export interface Consumer {
  consume(delivery: Delivery): Promise<void>;
  /** Claims nothing more; what a claim that is under way brings is given back at once. */
  close(): void;
  /** Claims under way. */
  readonly claiming: number;
}

const mostClaims = 100;

/** Ends that may wait to be written before a delivery waits for its own. */
const backlogBySlot = 5;

/** Creates a consumer; `consume` never rejects. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { database, handlers, breakers, slots, recorder, running, worker, settings, clock, onEvent } = options;
  const closed = new AbortController();
  let claiming = 0;
  const patience = { clock, random: options.random, deadlineMs: settings.staleAfterMs, signal: closed.signal };
  const claims = createBatcher<Claim, ClaimedJob | undefined>({
    run: (items) => whileUnavailable(() => claimJobs(database, items, { worker, leaseMs: settings.leaseMs }), patience),
    maxItems: mostClaims,
    isOfItem: (error) => !mayPass(error),
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
      claiming += 1;
      const job = closed.signal.aborted ? undefined : await claim(delivery);
      const ended = job?.state === 'running' ? run(handler, job) : undefined;
      claiming -= 1;
      if (job !== undefined && ended === undefined) {
        onEvent({ kind: 'held', type: job.type, state: job.state });
      }
      await ended;
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
        const recorded = options.judge(handler, attempt, settled);
        // who counts what is under way must not count this one any more
        const isCounted = handler.type.concurrency !== undefined;
        if (isCounted || recorder.size > settings.concurrency * backlogBySlot) {
          void recorded.then(resolve);
        } else {
          resolve();
        }
      });
      if (closed.signal.aborted) {
        attempt.abort('shutdown', startedMs);
        attempt.settle({ error: closed.signal.reason });
        return;
      }
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

  return {
    consume,
    close: () => closed.abort(new Error('the worker leaves')),
    get claiming() {
      return claiming;
    },
  };
}
