import type { Task, UpdateTaskBody } from '@taskflow/contract/tasks';
import { isProblem } from '../api/problem.ts';

/** A field that a person can change. */
export type EditableField = keyof UpdateTaskBody & keyof Task;

/** What a person changes of a task. */
export type TaskEdit = Partial<Pick<Task, EditableField>>;

/** A field that somebody else changed while the person changed it too. */
export interface FieldConflict {
  readonly task: Task;
  readonly field: EditableField;
  readonly yours: unknown;
  readonly theirs: unknown;
}

/** What {@link saveTask} needs from the outside. */
export interface SaveTaskDependencies {
  readonly send: (task: Task, changes: TaskEdit) => Promise<Task>;
  readonly read: (task: Task) => Promise<Task>;
  /** Asks the person whose value stays. */
  readonly ask: (conflict: FieldConflict) => Promise<'yours' | 'theirs'>;
}

const attemptsAtMost = 5;

/**
 * Saves changes that were made while looking at `base`. When somebody saved first, it reads the task again: if they
 * changed other fields it sends the changes once more, and only if they changed the same field to something else it
 * asks whose value stays. Nothing is overwritten silently and nothing typed is lost.
 *
 * @returns the task as it is after saving, or as the others left it when their values stay.
 */
export async function saveTask(base: Task, changes: TaskEdit, dependencies: SaveTaskDependencies): Promise<Task> {
  let current = base;
  let wanted = changes;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dependencies.send(current, wanted);
    } catch (error) {
      if (!isProblem(error, 'stale_version') || attempt === attemptsAtMost) throw error;
    }
    const fresh = await dependencies.read(current);
    wanted = await settle(current, fresh, wanted, dependencies.ask);
    if (Object.keys(wanted).length === 0) return fresh;
    current = fresh;
  }
}

async function settle(base: Task, fresh: Task, wanted: TaskEdit, ask: SaveTaskDependencies['ask']): Promise<TaskEdit> {
  const kept: TaskEdit = { ...wanted };
  for (const field of fieldsOf(wanted)) {
    const theirs = fresh[field];
    if (same(theirs, wanted[field])) delete kept[field];
    else if (!same(theirs, base[field])) {
      const answer = await ask({ task: fresh, field, yours: wanted[field], theirs });
      if (answer === 'theirs') delete kept[field];
    }
  }
  return kept;
}

const editableFields: readonly EditableField[] = [
  'title',
  'description',
  'priority',
  'statusId',
  'assigneeIds',
  'labelIds',
  'dueAt',
  'startAt',
  'parentId',
  'estimate',
];

/** The fields that a change is about. */
function fieldsOf(changes: TaskEdit): readonly EditableField[] {
  return editableFields.filter((field) => changes[field] !== undefined);
}

/**
 * What a change is based on: the latest known task. If a changed field is not what the person saw when they began
 * (`seen`), it is what they saw, with the version of then, so that the API and {@link saveTask} find the conflict.
 */
export function baseOf(seen: Task, known: Task, changes: TaskEdit): Task {
  const differing = fieldsOf(changes).filter((field) => !same(seen[field], known[field]));
  if (differing.length === 0) return known;
  return { ...known, ...Object.fromEntries(differing.map((field) => [field, seen[field]])), version: seen.version };
}

function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    const rest = new Set(other);
    return one.length === other.length && one.every((item) => rest.has(item));
  }
  return one === other;
}
