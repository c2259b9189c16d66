import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';
import { noneByPriority } from './dispatch-queries.ts';
import { shareOf } from './slots.ts';
import type { Room } from './lanes.ts';

/** How many jobs are with the transport: an estimate, since workers claim what others dispatched. */
export interface Outstanding {
  pushed(priority: JobPriority, count: number): void;
  claimed(priority: JobPriority): void;
  /** What PostgreSQL says. */
  correct(counts: Readonly<Record<JobPriority, number>>): void;
  /** What may be dispatched when `limit` may be outstanding. */
  room(limit: number): Room;
  readonly total: number;
  /** How many were pushed in all. */
  readonly pushes: number;
  /** How many were claimed in all. */
  readonly claims: number;
}

/** Begins with nothing outstanding. */
export function createOutstanding(): Outstanding {
  let counts = noneByPriority();
  let pushes = 0;
  let claims = 0;
  const totalOf = (): number => counts.critical + counts.default + counts.bulk;
  return {
    get total() {
      return totalOf();
    },
    get pushes() {
      return pushes;
    },
    get claims() {
      return claims;
    },
    pushed(priority, count) {
      counts[priority] += count;
      pushes += count;
    },
    claimed(priority) {
      claims += 1;
      counts[priority] = Math.max(0, counts[priority] - 1);
    },
    correct(actual) {
      counts = { ...actual };
    },
    room(limit) {
      const of = noneByPriority();
      for (const priority of jobPriorities) {
        of[priority] = Math.max(0, Math.max(1, Math.floor(limit * shareOf[priority])) - counts[priority]);
      }
      return { total: Math.max(0, limit - totalOf()), of };
    },
  };
}
