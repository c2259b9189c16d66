import type { Task } from '@taskflow/contract/tasks';
import { useMemo } from 'react';
import { createStore, useStore } from '../store.ts';

/** Fields of a task that the person has changed and that the API has not answered yet. */
export type TaskChanges = Partial<
  Pick<
    Task,
    | 'title'
    | 'description'
    | 'statusId'
    | 'category'
    | 'priority'
    | 'assigneeIds'
    | 'labelIds'
    | 'parentId'
    | 'startAt'
    | 'dueAt'
    | 'estimate'
    | 'rank'
  >
>;

type Layers = ReadonlyMap<string, ReadonlyArray<{ readonly changes: TaskChanges }>>;

const layers = createStore<Layers>(new Map());
const hidden = createStore<ReadonlySet<string>>(new Set());

/**
 * Shows changes of a task at once, on top of what the cache has. The answer takes them away again: by then the cache
 * has the saved task, or still the old one when the API refused. So rolling back needs no memory of what was there,
 * and other people's changes that arrive meanwhile are never overwritten.
 */
export function showPending(taskId: string, changes: TaskChanges): () => void {
  const layer = { changes };
  layers.set(new Map(layers.get()).set(taskId, [...(layers.get().get(taskId) ?? []), layer]));
  return () => {
    const left = (layers.get().get(taskId) ?? []).filter((other) => other !== layer);
    const next = new Map(layers.get());
    if (left.length === 0) next.delete(taskId);
    else next.set(taskId, left);
    layers.set(next);
  };
}

/** Hides a task at once, until the returned function is called. */
export function hidePending(taskId: string): () => void {
  hidden.set(new Set(hidden.get()).add(taskId));
  return () => {
    const next = new Set(hidden.get());
    next.delete(taskId);
    hidden.set(next);
  };
}

function applied(task: Task, all: Layers): Task {
  const own = all.get(task.id);
  return own === undefined ? task : own.reduce<Task>((state, layer) => ({ ...state, ...layer.changes }), task);
}

const same = <State>(state: State) => state;

/** Tasks as the person should see them: with their own unanswered changes, without those being deleted. */
export function useWithPending(tasks: readonly Task[]): readonly Task[] {
  const changes = useStore(layers, same);
  const without = useStore(hidden, same);
  return useMemo(() => {
    if (changes.size === 0 && without.size === 0) return tasks;
    return tasks.filter((task) => !without.has(task.id)).map((task) => applied(task, changes));
  }, [tasks, changes, without]);
}

/** One task as the person should see it. */
export function useTaskWithPending(task: Task): Task {
  const changes = useStore(layers, same);
  return useMemo(() => applied(task, changes), [task, changes]);
}

/** A task with the person's own unanswered changes, at this moment. */
export const currentlyPending = (task: Task): Task => applied(task, layers.get());
