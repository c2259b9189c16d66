import type { Priority, Task } from '@taskflow/contract/tasks';
import { type DueBucket, dueBucket, dueBuckets } from '../dates/day.ts';
import { prioritiesDescending, type TaskOrder, taskOrders } from './order.ts';

/** Words of one field mean "any of these"; different fields must all hold. */
export interface TaskFilter {
  readonly status?: readonly string[] | undefined;
  /** Ids, `me`, or `none`. */
  readonly assignee?: readonly string[] | undefined;
  /** Ids, or `none`. */
  readonly label?: readonly string[] | undefined;
  readonly priority?: readonly Priority[] | undefined;
  readonly due?: readonly DueBucket[] | undefined;
  /** Words that the API looks for in title, description and comments. */
  readonly q?: string | undefined;
}

/** How a list is cut into groups. */
export const groupings = ['status', 'assignee', 'priority', 'label', 'due', 'none'] as const;
/** See {@link groupings}. */
export type Grouping = (typeof groupings)[number];

/** What the address of a project's views says: filter, order and grouping. */
export interface ViewSearch extends TaskFilter {
  readonly sort?: TaskOrder | undefined;
  readonly group?: Grouping | undefined;
}

function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? value.split(',').filter((item) => item !== '') : [];
}

function among<Item extends string>(value: unknown, known: readonly Item[]): readonly Item[] {
  const wanted = new Set(listOf(value));
  return known.filter((item) => wanted.has(item));
}

const unlessEmpty = <Item>(list: readonly Item[]) => (list.length === 0 ? undefined : list);

/**
 * Reads what an address says about a view. What makes no sense is undefined, not left out: the router would put back
 * the unread text of a field that is missing.
 */
export function parseViewSearch(raw: Readonly<Record<string, unknown>>): ViewSearch {
  const q = typeof raw['q'] === 'string' ? raw['q'].trim().slice(0, 200) : '';
  return {
    status: unlessEmpty(listOf(raw['status'])),
    assignee: unlessEmpty(listOf(raw['assignee'])),
    label: unlessEmpty(listOf(raw['label'])),
    priority: unlessEmpty(among(raw['priority'], prioritiesDescending)),
    due: unlessEmpty(among(raw['due'], dueBuckets)),
    q: q === '' ? undefined : q,
    sort: among(raw['sort'], taskOrders)[0],
    group: among(raw['group'], groupings)[0],
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
