import { type Database, type Executor, isTransactionConflict } from '@taskflow/db';
import { acceptJobs, type JobOptions, type JobType, type NewJob, newJob } from '@taskflow/jobs';
import { retry } from '@taskflow/resilience';
import { type ActivityEntry, appendActivity, type Cause, type Committed } from '../activity/append.ts';
import { newId } from './ids.ts';

/** One change of the product: a transaction that also tells what happened in it. */
export interface UnitOfWork extends Executor {
  /** Appends to the workspace's activity when the unit commits, as its last write. */
  record(entry: ActivityEntry): void;
  /**
   * Accepts a job that exists when the unit commits and not otherwise. The request under way becomes its cause.
   *
   * @returns the job's id
   * @throws PayloadInvalidError when the payload is not what the type says
   */
  enqueue<Payload>(type: JobType<Payload>, payload: Payload, options?: JobOptions): string;
  /** Calls back once everything is committed, and not at all when it is rolled back. The callback must not throw. */
  afterCommit(callback: () => void): void;
}

/** Runs changes, and reports what they appended once it is committed. */
export interface UnitOfWorkRunner {
  /**
   * Runs `work` in a transaction: all of it is kept, activity included, or nothing. It begins anew when PostgreSQL
   * ended it for a deadlock, so `work` must do nothing outside of its unit.
   */
  run<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result>;
  /** Reports activity that a single statement appended by itself, with its job. */
  committed(changes: readonly Committed[]): void;
  /** The request or job that is under way, for such a statement. */
  cause(): Cause;
  /** For statements that are a whole unit by themselves, and for reads. */
  readonly database: Executor;
}

/** Options of {@link createUnitOfWorkRunner}. */
export interface UnitOfWorkOptions {
  readonly database: Database;
  /** Wakes the live events; must not throw. */
  readonly onCommitted: (changes: readonly Committed[]) => void;
  /** Wakes the workers: jobs were accepted; must not throw. @default they find out at their next poll */
  readonly onAccepted?: () => void;
  /** The request or job that is under way. @default none */
  readonly cause?: () => Cause;
}

/** Runs units on a database. */
export function createUnitOfWorkRunner(options: UnitOfWorkOptions): UnitOfWorkRunner {
  const { database, onAccepted } = options;
  const cause = options.cause ?? (() => ({}));
  return {
    database,
    committed,
    cause,
    run: (work) => retry(() => runOnce(work), afterConflict),
  };

  function committed(changes: readonly Committed[]): void {
    options.onCommitted(changes);
    onAccepted?.();
  }

  async function runOnce<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    const entries: ActivityEntry[] = [];
    const jobs: NewJob[] = [];
    const callbacks: (() => void)[] = [];
    let appended: readonly Committed[] = [];
    const result = await database.transaction(async (tx) => {
      const worked = await work({
        query: (statement, queryOptions) => tx.query(statement, queryOptions),
        record: (entry) => void entries.push(entry),
        enqueue(type, payload, jobOptions) {
          const job = newJob(newId(), type, payload, { ...cause(), ...jobOptions });
          jobs.push(job);
          return job.id;
        },
        afterCommit: (callback) => void callbacks.push(callback),
      });
      await acceptJobs(tx, jobs);
      appended = await appendActivity(tx, entries, cause());
      return worked;
    });
    if (appended.length > 0) {
      committed(appended);
    } else if (jobs.length > 0) {
      onAccepted?.();
    }
    for (const callback of callbacks) {
      callback();
    }
    return result;
  }
}

/**
 * Two units that wait for each other: PostgreSQL ends one of them, which then has only to begin again. It waits first,
 * so that the other one is through.
 */
const afterConflict = { attempts: 4, baseDelayMs: 100, maxDelayMs: 400, shouldRetry: isTransactionConflict };
