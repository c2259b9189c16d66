import type { JobPriority } from '@taskflow/contract/jobs';
import type { Database } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { AnyJobHandler } from '../job-handler.ts';
import type { Delivery } from '../transport/transport.ts';
import type { Attempt } from './attempt.ts';
import { type Attended, createAttemptRunner, type RunInContext } from './attempt-runner.ts';
import { createBatcher } from './batcher.ts';
import { returnDeliveries } from './dispatch-queries.ts';
import type { OnEngineEvent } from './engine-events.ts';
import type { JudgeAttempt } from './judge.ts';
import type { Recorder } from './recorder.ts';
import { type Claim, claimJobs, type ClaimedJob, putBackJob } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Slots } from './slots.ts';
import type { Tempo } from './tempo.ts';
import { mayPass, whileUnavailable } from './while-unavailable.ts';

/** What a consumer works with. */
export interface ConsumerOptions {
  readonly database: Database;
  readonly handlers: ReadonlyMap<string, AnyJobHandler>;
  readonly breakers: Breakers;
  readonly slots: Slots;
  readonly recorder: Recorder;
  readonly tempo: Tempo;
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
  /** Claims nothing more; what still arrives, and what a claim that is under way brings, is given back at once. */
  close(): void;
  /** Claims under way. */
  readonly claiming: number;
}

const mostClaims = 100;

/**
 * Jobs of quick types are claimed before a slot is free, so that slots do not wait for PostgreSQL: that many for each
 * slot, when handlers take no longer than this. Should they, what waits for a slot is returned (see `createWatch`).
 */
const aheadBySlot = 4;
const quickMs = 5;

/** Creates a consumer; `consume` never rejects. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { database, handlers, breakers, slots, tempo, worker, settings, clock, onEvent } = options;
  const closed = new AbortController();
  const attempts = createAttemptRunner({ ...options, closed: closed.signal });
  const mostAhead = settings.concurrency * aheadBySlot;
  let ahead = 0;
  let claiming = 0;
  const patience = { clock, random: options.random, deadlineMs: settings.staleAfterMs, signal: closed.signal };
  const claims = createBatcher<Claim, ClaimedJob | undefined>({
    run: (items) => whileUnavailable(() => claimJobs(database, items, { worker, leaseMs: settings.leaseMs }), patience),
    maxItems: mostClaims,
    isOfItem: (error) => !mayPass(error),
  });

  const returns = createBatcher<Delivery, true>({
    async run(items) {
      await returnDeliveries(database, items);
      return items.map(() => true);
    },
    maxItems: mostClaims,
  });

  async function consume(delivery: Delivery): Promise<void> {
    const handler = handlers.get(delivery.type);
    if (handler === undefined) {
      await putBack(delivery);
      return;
    }
    const { priority } = delivery;
    if (ahead < mostAhead && (tempo.workMs(delivery.type) ?? Infinity) <= quickMs) {
      ahead += 1;
      const attended = await claimAttempt(handler, delivery);
      await takeSlot(priority);
      ahead -= 1;
      await runInSlot(handler, priority, attended);
    } else {
      await takeSlot(priority);
      await runInSlot(handler, priority, await claimAttempt(handler, delivery));
    }
  }

  async function takeSlot(priority: JobPriority): Promise<void> {
    if (!slots.tryAcquire(priority)) {
      await slots.acquire(priority);
    }
  }

  async function runInSlot(handler: AnyJobHandler, priority: JobPriority, attended?: Attended): Promise<void> {
    try {
      if (attended !== undefined) {
        attempts.run(handler, attended.attempt);
        await attended.ended;
      }
    } finally {
      slots.release(priority);
      options.onEnded(handler);
    }
  }

  async function claimAttempt(handler: AnyJobHandler, delivery: Delivery): Promise<Attended | undefined> {
    claiming += 1;
    const job = closed.signal.aborted ? await handBack(delivery) : await claim(delivery);
    const attended = job?.state === 'running' ? attempts.attend(handler, job) : undefined;
    claiming -= 1;
    if (attended !== undefined) {
      return attended;
    }
    if (job !== undefined) {
      onEvent({ kind: 'held', type: job.type, state: job.state });
    }
    return undefined;
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
      if (closed.signal.aborted) {
        return await handBack(delivery);
      }
      // the row stays queued: the reconciler finds it
      onEvent({ kind: 'fault', where: 'claim', error });
      return undefined;
    } finally {
      options.onClaimed(delivery.priority);
    }
  }

  /** For the transport it is dealt with, and whoever dispatched it would wait until it counts as lost. */
  async function handBack(delivery: Delivery): Promise<undefined> {
    try {
      await returns.add(delivery);
    } catch (error) {
      onEvent({ kind: 'fault', where: 'hand back', error });
    }
  }

  return {
    consume,
    close: () => closed.abort(new Error('the worker leaves')),
    get claiming() {
      return claiming;
    },
  };
}
