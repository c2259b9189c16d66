import type { Database } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { FailedOutcome } from '../retry/outcome.ts';
import type { Attempt } from './attempt.ts';
import { createBatcher } from './batcher.ts';
import { type Completion, completeJobs, type Failed, type FailedRow, failJobs } from './run-queries.ts';
import type { ResolvedSettings } from './settings.ts';
import { mayPass, whileUnavailable } from './while-unavailable.ts';

/** Writes down how attempts ended, many at a time. */
export interface Recorder {
  /** @returns whether the attempt was the current one */
  succeeded(attempt: Attempt, result: Completion['result']): Promise<boolean>;
  /** @returns what became of the job, `undefined` when the attempt was not the current one */
  failed(attempt: Attempt, outcome: FailedOutcome): Promise<FailedRow | undefined>;
  /** Ends that are not written yet. */
  readonly size: number;
  /** Resolves when everything is written; what PostgreSQL does not take until the signal aborts is given up. */
  drained(signal: AbortSignal): Promise<void>;
}

/** Rows in one statement. */
const mostRows = 200;

/** Creates a recorder. While PostgreSQL is away it keeps what it has, as long as the leases hold. */
export function createRecorder(options: {
  readonly database: Database;
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  readonly random: () => number;
}): Recorder {
  const { database, settings } = options;
  const givenUp = new AbortController();
  const patience = { ...options, deadlineMs: settings.leaseMs, signal: givenUp.signal };
  const limits = { maxItems: mostRows, isOfItem: (error: unknown) => !mayPass(error) };
  const completions = createBatcher<Completion, boolean>({
    ...limits,
    run: (items) => whileUnavailable(() => completeJobs(database, items), patience),
  });
  const failures = createBatcher<Failed, FailedRow | undefined>({
    ...limits,
    run: (items) => whileUnavailable(() => failJobs(database, items), patience),
  });
  return {
    get size() {
      return completions.size + failures.size;
    },
    succeeded: ({ id, attempt }, result) => completions.add({ id, attempt, result }),
    failed: ({ id, attempt }, outcome) => failures.add({ id, attempt, outcome }),
    async drained(signal) {
      const giveUp = (): void => givenUp.abort(new Error('the worker leaves'));
      signal.addEventListener('abort', giveUp, { once: true });
      await Promise.all([completions.drained(), failures.drained()]);
      signal.removeEventListener('abort', giveUp);
    },
  };
}
