import { type Database, type Executor, isTransactionConflict } from '@taskflow/db';
import { retry } from '@taskflow/resilience';
import { type ActivityEntry, appendActivity, type Committed } from '../activity/append.ts';

/** One change of the product: a transaction that also tells what happened in it. */
export interface UnitOfWork extends Executor {
  /** Appends to the workspace's activity when the unit commits, as its last write. */
  record(entry: ActivityEntry): void;
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
  /** Reports activity that a single statement appended by itself. */
  committed(changes: readonly Committed[]): void;
  /** For statements that are a whole unit by themselves, and for reads. */
  readonly database: Executor;
}

/** @param onCommitted wakes the live events; must not throw */
export function createUnitOfWorkRunner(options: {
  database: Database;
  onCommitted: (changes: readonly Committed[]) => void;
}): UnitOfWorkRunner {
  const { database, onCommitted } = options;
  return {
    database,
    committed: onCommitted,
    run: (work) => retry(() => runOnce(work), afterConflict),
  };

  async function runOnce<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    const entries: ActivityEntry[] = [];
    const callbacks: (() => void)[] = [];
    let appended: readonly Committed[] = [];
    const result = await database.transaction(async (tx) => {
      const worked = await work({
        query: (statement, queryOptions) => tx.query(statement, queryOptions),
        record: (entry) => void entries.push(entry),
        afterCommit: (callback) => void callbacks.push(callback),
      });
      appended = await appendActivity(tx, entries);
      return worked;
    });
    if (appended.length > 0) {
      onCommitted(appended);
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
