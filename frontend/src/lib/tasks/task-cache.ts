import type { Task } from '@taskflow/contract/tasks';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { createStore, useStore } from '../store.ts';

/** A list of tasks as the cache keeps it; `complete` is false while further pages are on their way. */
export interface TaskList {
  readonly items: readonly Task[];
  readonly complete: boolean;
}

/** Which list of tasks: of a project, those of the person in a workspace, or the sub-tasks of a task. */
export type TaskListScope =
  | { readonly kind: 'project'; readonly projectId: string }
  | { readonly kind: 'mine'; readonly workspaceId: string; readonly userId: string }
  | { readonly kind: 'subtasks'; readonly parentId: string };

/** The cache key of a list of tasks. */
export const taskListKey = (scope: TaskListScope) => ['tasks', scope] as const;
/** The cache key of one task; keys like `OPS-42` are unique in a workspace only. */
export const taskKey = (workspaceId: string, key: string) => ['task', workspaceId, key] as const;

/** Tasks that are known to be gone, so that a slower read does not bring them back. */
const gone = createStore<ReadonlySet<string>>(new Set());
/** When a task last arrived outside of a read, so that a read begun before does not lose it. */
const arrivedAt = new Map<string, number>();

function isScope(value: unknown): value is TaskListScope {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function scopeOf(key: QueryKey): TaskListScope | undefined {
  return isScope(key[1]) ? key[1] : undefined;
}

function belongs(task: Task, scope: TaskListScope): boolean {
  switch (scope.kind) {
    case 'project':
      return task.projectId === scope.projectId;
    case 'mine':
      return task.workspaceId === scope.workspaceId && task.assigneeIds.includes(scope.userId);
    case 'subtasks':
      return task.parentId === scope.parentId;
  }
}

/** The newer of two states of a task; with the same version the incoming one, as its counts may be newer. */
function newer(known: Task | undefined, incoming: Task): Task {
  return known !== undefined && known.version > incoming.version ? known : incoming;
}

function placed(list: TaskList, task: Task, scope: TaskListScope): TaskList {
  const index = list.items.findIndex((item) => item.id === task.id);
  const merged = newer(list.items[index], task);
  if (!belongs(merged, scope)) {
    return index === -1 ? list : { ...list, items: list.items.filter((item) => item.id !== task.id) };
  }
  if (index === -1) return { ...list, items: [...list.items, merged] };
  return { ...list, items: list.items.with(index, merged) };
}

/** Puts a task, as the API has just answered or announced it, into every list that it belongs to. */
export function upsertTask(client: QueryClient, task: Task): void {
  if (gone.get().has(task.id)) gone.set(gone.get().difference(new Set([task.id])));
  arrivedAt.set(task.id, performance.now());
  for (const [key, list] of client.getQueriesData<TaskList>({ queryKey: ['tasks'] })) {
    const scope = scopeOf(key);
    if (list !== undefined && scope !== undefined) client.setQueryData<TaskList>(key, placed(list, task, scope));
  }
  client.setQueryData<Task>(taskKey(task.workspaceId, task.key), (known) => newer(known, task));
}

/** Takes a task and its sub-tasks out of every list. */
export function removeTask(client: QueryClient, taskId: string): void {
  gone.set(new Set(gone.get()).add(taskId));
  client.setQueriesData<TaskList>({ queryKey: ['tasks'] }, (list) => {
    if (list === undefined) return list;
    const items = list.items.filter((item) => item.id !== taskId && item.parentId !== taskId);
    return items.length === list.items.length ? list : { ...list, items };
  });
}

/**
 * What a read of a list becomes in the cache: never older than what is there, without tasks known to be gone, with
 * those that arrived since the read began (`readFrom`, on the clock of `performance.now`).
 */
export function reconcile(known: TaskList | undefined, read: TaskList, readFrom: number): TaskList {
  const byId = new Map(known?.items.map((item) => [item.id, item]));
  const items = read.items.filter((item) => !gone.get().has(item.id)).map((item) => newer(byId.get(item.id), item));
  const readIds = new Set(items.map((item) => item.id));
  const arrived = (known?.items ?? []).filter(
    (item) => !readIds.has(item.id) && (arrivedAt.get(item.id) ?? 0) >= readFrom,
  );
  return { items: [...items, ...arrived], complete: read.complete };
}

/** The latest known state of a task, from whichever list has it. */
export function findTask(client: QueryClient, matches: (task: Task) => boolean): Task | undefined {
  let found: Task | undefined;
  for (const [, list] of client.getQueriesData<TaskList>({ queryKey: ['tasks'] })) {
    const task = list?.items.find(matches);
    if (task !== undefined) found = newer(found, task);
  }
  for (const [, task] of client.getQueriesData<Task>({ queryKey: ['task'] })) {
    if (task !== undefined && matches(task)) found = newer(found, task);
  }
  return found;
}

/** Whether a task that is still on screen has been deleted. */
export const useIsGone = (taskId: string) => useStore(gone, (ids) => ids.has(taskId));
