import type { Priority, Task } from '@taskflow/contract/tasks';

/** Orders that a list can have. */
export const taskOrders = ['rank', 'dueAt', 'priority', 'createdAt', 'updatedAt'] as const;
/** See {@link taskOrders}. */
export type TaskOrder = (typeof taskOrders)[number];

/** Priorities from most to least, as people read them. */
export const prioritiesDescending: readonly Priority[] = ['urgent', 'high', 'medium', 'low', 'none'];

const compareText = (one: string, other: string) => Number(one > other) - Number(one < other);

/** The board's own order: rank as plain text, then id. */
export const byRank = (one: Task, other: Task) => compareText(one.rank, other.rank) || compareText(one.id, other.id);

const comparers: Record<TaskOrder, (one: Task, other: Task) => number> = {
  rank: byRank,
  // Tasks without a date come last.
  dueAt: (one, other) => compareText(one.dueAt ?? '9999', other.dueAt ?? '9999'),
  priority: (one, other) => prioritiesDescending.indexOf(one.priority) - prioritiesDescending.indexOf(other.priority),
  createdAt: (one, other) => compareText(other.createdAt, one.createdAt),
  updatedAt: (one, other) => compareText(other.updatedAt, one.updatedAt),
};

/** A sorted copy; what is equal keeps the board's order. */
export function sorted(tasks: readonly Task[], order: TaskOrder): Task[] {
  const compare = comparers[order];
  return tasks.toSorted((one, other) => compare(one, other) || byRank(one, other));
}
