/** Days between two instants in the person's time zone: 0 on the same day, 1 for tomorrow, -1 for yesterday. */
export function daysBetween(from: Date, to: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(to) - day(from)) / 86_400_000);
}

/** The same clock time so many days later, whatever the clocks do in between. */
export function addDays(date: Date, days: number): Date {
  const next = new Date(date);
  next.setDate(next.getDate() + days);
  return next;
}

/** The instant at a clock time of a day. */
export function atTime(date: Date, hours: number, minutes = 0): Date {
  const next = new Date(date);
  next.setHours(hours, minutes, 0, 0);
  return next;
}

/** How urgent a due date is. */
export type DueBucket = 'overdue' | 'today' | 'week' | 'later' | 'none';

/** The buckets from most to least urgent. */
export const dueBuckets: readonly DueBucket[] = ['overdue', 'today', 'week', 'later', 'none'];

/**
 * The bucket of a due date. Overdue is what was due before now; a task that is finished is never overdue, callers
 * leave those out.
 */
export function dueBucket(dueAt: string | null, now: Date): DueBucket {
  if (dueAt === null) return 'none';
  const due = new Date(dueAt);
  if (due < now) return 'overdue';
  const days = daysBetween(now, due);
  if (days === 0) return 'today';
  return days <= 7 ? 'week' : 'later';
}
