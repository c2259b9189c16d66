import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';

/** What part of the slots each priority may hold, so that something is left for those above it. */
export const shareOf: Readonly<Record<JobPriority, number>> = { critical: 1, default: 0.9, bulk: 0.5 };

/** The most of `total` that a priority may hold; never nothing. */
export function shareIn(total: number, priority: JobPriority): number {
  return Math.max(1, Math.floor(total * shareOf[priority]));
}

/** Who may run a handler now. */
export interface Slots {
  /** Takes a slot at once, or says that none is free for this priority. */
  tryAcquire(priority: JobPriority): boolean;
  /** Takes a slot when one is free; the most urgent priority first, each in the order of arrival. */
  acquire(priority: JobPriority): Promise<void>;
  release(priority: JobPriority): void;
  used(priority: JobPriority): number;
  readonly usedInAll: number;
}

/** Counts slots; the sum and each priority's share have a limit. */
export function createSlots(concurrency: number): Slots {
  const used: Record<JobPriority, number> = { critical: 0, default: 0, bulk: 0 };
  const waiting: Record<JobPriority, (() => void)[]> = { critical: [], default: [], bulk: [] };
  let usedInAll = 0;

  function tryAcquire(priority: JobPriority): boolean {
    if (usedInAll >= concurrency || used[priority] >= shareIn(concurrency, priority)) {
      return false;
    }
    used[priority] += 1;
    usedInAll += 1;
    return true;
  }

  return {
    get usedInAll() {
      return usedInAll;
    },
    used: (priority) => used[priority],
    tryAcquire,
    acquire(priority) {
      if (tryAcquire(priority)) {
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        waiting[priority].push(resolve);
      });
    },
    release(priority) {
      used[priority] -= 1;
      usedInAll -= 1;
      for (const next of jobPriorities) {
        if (waiting[next].length > 0 && tryAcquire(next)) {
          waiting[next].shift()?.();
          return;
        }
      }
    },
  };
}
