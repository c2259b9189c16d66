import type { Database } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { Attempt } from './attempt.ts';
import type { OnEngineEvent } from './engine-events.ts';
import { beatJobs } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';

/** Watches what runs: deadlines and heart-beats, all attempts together instead of a timer each. */
export interface Watch {
  /** Something runs. Cheap. */
  notice(): void;
  /** Heart-beats now, to hear of what was canceled. */
  beat(): Promise<void>;
  stop(): Promise<void>;
}

const tickMs = 200;

/** How long what was claimed ahead may wait for a slot. */
const patienceMs = 1_000;

/** Creates a watch, which rests while nothing runs. */
export function createWatch(options: {
  readonly database: Database;
  readonly running: ReadonlySet<Attempt>;
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  readonly onEvent: OnEngineEvent;
}): Watch {
  const { database, running, settings, clock, onEvent } = options;
  const { leaseMs, abortGraceMs } = settings;
  const stopped = new AbortController();
  let watching: Promise<void> | undefined;
  let beating: Promise<void> | undefined;

  function sweep(nowMs: number): void {
    for (const attempt of running) {
      if (attempt.startedMs === undefined && nowMs - attempt.claimedMs >= patienceMs) {
        // another worker may have a slot for it
        attempt.abort('shutdown', nowMs);
        attempt.settle({ error: new Error('no slot was free') });
      }
      if (nowMs >= attempt.deadlineMs) {
        attempt.abort('timeout', nowMs);
      }
      if (nowMs - attempt.renewedMs >= leaseMs) {
        attempt.abort('superseded', nowMs);
      }
      if (attempt.abortedMs !== undefined && nowMs - attempt.abortedMs >= abortGraceMs) {
        onEvent({ kind: 'abandoned', type: attempt.type, jobId: attempt.id });
        attempt.settle({ error: new Error('the handler did not end in time') });
      }
    }
  }

  async function beatOnce(): Promise<void> {
    const nowMs = clock.now();
    // most jobs end long before their lease does
    const due = [...running].filter(({ claimedMs }) => nowMs - claimedMs >= leaseMs / 10);
    if (due.length === 0) {
      return;
    }
    const keys = due.map(({ id, attempt, progressDone }) => ({ id, attempt, progress: progressDone }));
    const beats = await beatJobs(database, keys, leaseMs);
    const answered = new Map(beats.map((answer) => [answer.id, answer]));
    for (const attempt of due) {
      const answer = answered.get(attempt.id);
      if (answer === undefined) {
        // a handler that just completed in its transaction is no longer running either
        if (!attempt.isCompletedInTransaction) {
          attempt.abort('superseded', clock.now());
        }
      } else {
        attempt.renewedMs = answer.isRenewed ? nowMs : attempt.renewedMs;
        if (answer.isCanceled) {
          attempt.abort('canceled', clock.now());
        }
      }
    }
  }

  function beat(): Promise<void> {
    beating ??= beatOnce()
      .catch((error: unknown) => onEvent({ kind: 'fault', where: 'heart-beat', error }))
      .finally(() => {
        beating = undefined;
      });
    return beating;
  }

  async function watch(): Promise<void> {
    let beatAtMs = clock.now() + leaseMs / 3;
    while (running.size > 0 && !stopped.signal.aborted) {
      await clock.sleep(tickMs, stopped.signal).catch(() => undefined);
      const nowMs = clock.now();
      sweep(nowMs);
      if (nowMs >= beatAtMs) {
        beatAtMs = nowMs + leaseMs / 3;
        void beat();
      }
    }
    watching = undefined;
  }

  return {
    notice() {
      watching ??= watch();
    },
    beat,
    async stop() {
      stopped.abort();
      await watching;
      await beating;
    },
  };
}
