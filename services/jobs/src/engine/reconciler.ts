import { type Database, type Executor, sql } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { OnEngineEvent } from './engine-events.ts';
import { createPacer } from './pacer.ts';

/** Something that is looked after regularly, by one worker of the cluster at a time. */
export interface ReconcileStep {
  readonly name: string;
  /** Runs in a transaction of its own. Level-triggered: looks what is, and does what is missing. */
  run(executor: Executor): Promise<void>;
}

/** Calls its steps, one after another, while no other worker does. */
export interface Reconciler {
  start(): void;
  stop(): Promise<void>;
  /** One tick now. @returns whether this worker was the one */
  tick(): Promise<boolean>;
}

/** Any number that nothing else in this database uses as an advisory lock. */
const advisoryLockKey = 7_215_301_990;

/** A process that stands still in the middle of a tick, paused or blocked, loses its turn after this long. */
const standstillMs = 3_000;

/** What a worker lost is not to wait for long, however slow it is to find. */
const stepPace = { leastMs: 0, factor: 20, mostMs: 5_000 } as const;

/** Creates a reconciler. A step that fails does not keep the others from their work; one that is slow comes seldom. */
export function createReconciler(options: {
  readonly database: Database;
  readonly steps: readonly ReconcileStep[];
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: OnEngineEvent;
}): Reconciler {
  const { database, intervalMs, clock, random, onEvent } = options;
  const steps = options.steps.map((step) => ({ step, pace: createPacer(stepPace) }));
  const stopped = new AbortController();
  let loop = Promise.resolve();

  async function runSteps(lock: Executor): Promise<void> {
    let shownMs = clock.now();
    for (const { step, pace } of steps) {
      const startedMs = clock.now();
      if (stopped.signal.aborted || !pace.isDue(startedMs)) {
        continue;
      }
      try {
        await database.transaction((tx) => step.run(tx));
      } catch (error) {
        onEvent({ kind: 'fault', where: `reconciler: ${step.name}`, error });
      }
      const nowMs = clock.now();
      pace.did(nowMs, nowMs - startedMs);
      if (nowMs - shownMs > standstillMs / 4) {
        shownMs = nowMs;
        await lock.query(sql`select 1`);
      }
    }
  }

  function tick(): Promise<boolean> {
    return database.transaction(async (tx) => {
      const [row] = await tx.query<{ locked: boolean }>(
        sql`
        select pg_try_advisory_xact_lock(${advisoryLockKey}::bigint) as locked,
          set_config('idle_in_transaction_session_timeout', ${String(standstillMs)}, true)`,
        { name: 'jobs-reconciler-lock' },
      );
      if (row?.locked !== true) {
        return false;
      }
      await runSteps(tx);
      return true;
    });
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await tick().catch((error: unknown) => onEvent({ kind: 'fault', where: 'reconciler', error }));
      await clock.sleep(intervalMs * (0.9 + random() / 5), stopped.signal).catch(() => undefined);
    }
  }

  return {
    tick,
    start() {
      loop = run();
    },
    async stop() {
      stopped.abort();
      await loop;
    },
  };
}
