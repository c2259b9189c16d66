import type { Database, Executor } from '@taskflow/db';
import { type ActivityEntry, appendActivity, type Committed } from '../activity/append.ts';

/** One change of the product: a transaction that also tells what happened in it. */
export interface UnitOfWork extends Executor {
  /** Appends to the workspace's activity when the unit commits, as its last write. */
  record(entry: ActivityEntry): void;
}

/** Runs changes, and reports what they appended once it is committed. */
export interface UnitOfWorkRunner {
  /** Runs `work` in a transaction: all of it is kept, activity included, or nothing. */
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
    async run(work) {
      const { result, appended } = await database.transaction(async (tx) => {
        const entries: ActivityEntry[] = [];
        const unit: UnitOfWork = {
          query: (statement, queryOptions) => tx.query(statement, queryOptions),
          record: (entry) => void entries.push(entry),
        };
        const result = await work(unit);
        return { result, appended: await appendActivity(tx, entries) };
      });
      if (appended.length > 0) {
        onCommitted(appended);
      }
      return result;
    },
  };
}
