import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';
import { shareIn } from '../engine/slots.ts';

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

/** Slots for `concurrency` at a time; a priority and those below it have its share (`shareIn`) together. */
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
      (priority === 'critical' || lower < shareIn(concurrency, 'default')) &&
      (priority !== 'bulk' || running.bulk < shareIn(concurrency, 'bulk'))
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
