import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';

/** Room for a number of things that run at the same time, most urgent first. */
export interface Slots {
  /**
   * Runs `work` as soon as there is room for its priority, and keeps its slot until it has ended.
   *
   * @returns whether it ran; false when the signal aborted first
   */
  run(priority: JobPriority, signal: AbortSignal, work: () => Promise<void>): Promise<boolean>;
}

interface Waiting {
  readonly start: () => void;
}

/** The part of all slots that a priority and those below it may have together, so that urgent work finds room. */
const SHARES: Readonly<Record<JobPriority, number>> = { critical: 1, default: 0.9, bulk: 0.5 };

/** How many may run at most for this priority and those below it. */
export function slotsFor(priority: JobPriority, concurrency: number): number {
  return Math.max(1, Math.floor(concurrency * SHARES[priority]));
}

/** Slots for `concurrency` at a time; see {@link slotsFor} for the part that lower priorities leave to higher ones. */
export function createSlots(concurrency: number): Slots {
  const running: Record<JobPriority, number> = { critical: 0, default: 0, bulk: 0 };
  const waiting: Readonly<Record<JobPriority, Set<Waiting>>> = {
    critical: new Set(),
    default: new Set(),
    bulk: new Set(),
  };

  function hasRoom(priority: JobPriority): boolean {
    const lower = running.default + running.bulk;
    return (
      lower + running.critical < concurrency &&
      (priority === 'critical' || lower < slotsFor('default', concurrency)) &&
      (priority !== 'bulk' || running.bulk < slotsFor('bulk', concurrency))
    );
  }

  function startWaiting(): void {
    for (const priority of jobPriorities) {
      for (const next of waiting[priority]) {
        if (!hasRoom(priority)) {
          break;
        }
        waiting[priority].delete(next);
        running[priority] += 1;
        next.start();
      }
    }
  }

  /** Resolves with a slot taken, or with false and none. */
  function take(priority: JobPriority, signal: AbortSignal): Promise<boolean> | boolean {
    if (signal.aborted) {
      return false;
    }
    if (hasRoom(priority)) {
      running[priority] += 1;
      return true;
    }
    return new Promise((resolve) => {
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      const leave = (): void => {
        waiting[priority].delete(entry);
        resolve(false);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting[priority].add(entry);
    });
  }

  return {
    async run(priority, signal, work) {
      const taken = take(priority, signal);
      if (taken === false || (taken !== true && !(await taken))) {
        return false;
      }
      try {
        await work();
      } finally {
        running[priority] -= 1;
        startWaiting();
      }
      return true;
    },
  };
}
