import type { Priority, Task } from '@taskflow/contract/tasks';
import { type DueBucket, dueBucket, dueBuckets } from '../dates/day.ts';
import { prioritiesDescending, type TaskOrder, taskOrders } from './order.ts';

/** Words of one field mean "any of these"; different fields must all hold. */
export interface TaskFilter {
  readonly status?: readonly string[];
  /** Ids, `me`, or `none`. */
  readonly assignee?: readonly string[];
  /** Ids, or `none`. */
  readonly label?: readonly string[];
  readonly priority?: readonly Priority[];
  readonly due?: readonly DueBucket[];
  /** Words that the API looks for in title, description and comments. */
  readonly q?: string;
}

/** How a list is cut into groups. */
export const groupings = ['status', 'assignee', 'priority', 'label', 'due', 'none'] as const;
/** See {@link groupings}. */
export type Grouping = (typeof groupings)[number];

/** What the address of a project's views says: filter, order and grouping. */
export interface ViewSearch extends TaskFilter {
  readonly sort?: TaskOrder;
  readonly group?: Grouping;
}

function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? value.split(',').filter((item) => item !== '') : [];
}

function among<Item extends string>(value: unknown, known: readonly Item[]): readonly Item[] {
  const wanted = new Set(listOf(value));
  return known.filter((item) => wanted.has(item));
}

/** Reads what an address says about a view; what makes no sense is left out. */
export function parseViewSearch(raw: Readonly<Record<string, unknown>>): ViewSearch {
  const status = listOf(raw['status']);
  const assignee = listOf(raw['assignee']);
  const label = listOf(raw['label']);
  const priority = among(raw['priority'], prioritiesDescending);
  const due = among(raw['due'], dueBuckets);
  const q = typeof raw['q'] === 'string' ? raw['q'].trim().slice(0, 200) : '';
  const [sort] = among(raw['sort'], taskOrders);
  const [group] = among(raw['group'], groupings);
  return {
    ...(status.length > 0 ? { status } : {}),
    ...(assignee.length > 0 ? { assignee } : {}),
    ...(label.length > 0 ? { label } : {}),
    ...(priority.length > 0 ? { priority } : {}),
    ...(due.length > 0 ? { due } : {}),
    ...(q === '' ? {} : { q }),
    ...(sort === undefined ? {} : { sort }),
    ...(group === undefined ? {} : { group }),
  };
}

/** Whether anything is filtered. */
export function isFiltered({ status, assignee, label, priority, due, q }: TaskFilter): boolean {
  return [status, assignee, label, priority, due, q].some((field) => field !== undefined);
}

/** What {@link matchesFilter} must know besides the task. */
export interface FilterContext {
  readonly userId: string;
  readonly now: Date;
  /** The ids that the API found for `q`; undefined while it is looking. */
  readonly matchingIds: ReadonlySet<string> | undefined;
}

/** Whether a task passes a filter. */
export function matchesFilter(task: Task, filter: TaskFilter, { userId, now, matchingIds }: FilterContext): boolean {
  const people = filter.assignee?.map((word) => (word === 'me' ? userId : word));
  return (
    (filter.status?.includes(task.statusId) ?? true) &&
    (filter.priority?.includes(task.priority) ?? true) &&
    (people === undefined || anyOf(task.assigneeIds, people)) &&
    (filter.label === undefined || anyOf(task.labelIds, filter.label)) &&
    (filter.due?.includes(bucketOf(task, now)) ?? true) &&
    (filter.q === undefined || matchingIds?.has(task.id) === true)
  );
}

function anyOf(values: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((word) => (word === 'none' ? values.length === 0 : values.includes(word)));
}

/** The due bucket of a task; what is finished is never overdue. */
export function bucketOf(task: Task, now: Date): DueBucket {
  const bucket = dueBucket(task.dueAt, now);
  return bucket === 'overdue' && isClosed(task) ? 'later' : bucket;
}

/** Whether a task is completed or canceled. */
export const isClosed = (task: Pick<Task, 'category'>) => task.category === 'completed' || task.category === 'canceled';
