import type { UpdateTaskBody } from '@taskflow/contract/tasks';
import type { Changes } from '../activity/append.ts';
import type { TaskRow } from './repository.ts';

/** What a patch really changes, by field. The description is named without its texts: they may be long. */
export function taskChanges(task: TaskRow, body: UpdateTaskBody): Changes {
  const current: Required<Omit<UpdateTaskBody, 'description'>> = {
    title: task.title,
    priority: task.priority,
    statusId: task.status_id,
    assigneeIds: task.assignee_ids,
    labelIds: task.label_ids,
    dueAt: task.due_at,
    startAt: task.start_at,
    parentId: task.parent_id,
    estimate: task.estimate,
  };
  const { description, ...compared } = body;
  const wanted: Readonly<Record<string, unknown>> = compared;
  const entries = Object.entries(current)
    .filter(([field, from]) => wanted[field] !== undefined && !isSame(from, wanted[field]))
    .map(([field, from]) => [field, { from, to: wanted[field] }] as const);
  const isRewritten = description !== undefined && description !== task.description;
  return { ...Object.fromEntries(entries), ...(isRewritten ? { description: {} } : {}) };
}

/** Lists are compared as sets. */
function isSame(one: unknown, other: unknown): boolean {
  return Array.isArray(one) && Array.isArray(other)
    ? one.length === other.length && one.every((item) => other.includes(item))
    : one === other;
}
