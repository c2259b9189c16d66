import type { LiveEvent } from '@taskflow/contract/activity';
import type { Comment } from '@taskflow/contract/comments';
import type { QueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { findTask, removeTask, upsertTask } from '../tasks/task-cache.ts';
import { refreshInbox } from './refresh-inbox.ts';
import { flash } from './flashes.ts';

/**
 * Brings a change of the stream into the query cache. Tasks and comments come with the event and are merged when they
 * are newer; of everything else the queries that show it are read again, if they are on screen.
 */
export function applyLiveEvent(client: QueryClient, event: LiveEvent, userId: string): void {
  const own = event.actorId === userId;
  if (event.type.startsWith('task')) applyTask(client, event, own);
  else if (event.type.startsWith('comment.')) applyComment(client, event, own);
  else applyRest(client, event);
  if (!own) refreshInbox(client, event);
  if ('recurrence' in event.changes) void client.invalidateQueries({ queryKey: ['recurrence', event.taskId] });
  // Who comments on a task, or takes it, watches it from then on.
  if (own && event.taskId !== null) void client.invalidateQueries({ queryKey: ['watch', event.taskId] });
  void client.invalidateQueries({ queryKey: ['activity', 'workspace', event.workspaceId] });
  if (event.taskId !== null) void client.invalidateQueries({ queryKey: ['activity', 'task', event.taskId] });
}

function applyTask(client: QueryClient, event: LiveEvent, own: boolean): void {
  const { taskId, task } = event;
  if (taskId === null) return;
  const known = findTask(client, (other) => other.id === taskId);
  for (const parentId of new Set([known?.parentId, task?.parentId])) void rereadTask(client, parentId ?? undefined);
  if (event.type.startsWith('task_link.')) void client.invalidateQueries({ queryKey: ['links'] });
  if (task === null) {
    const leave = () => removeTask(client, taskId);
    if (own) leave();
    else flash(taskId, 'leaving', leave);
    return;
  }
  upsertTask(client, task);
  if (!own && (known === undefined || known.version < task.version)) flash(taskId, 'changed');
  if (event.type === 'task.restored') void client.invalidateQueries({ queryKey: ['tasks'] });
  void client.invalidateQueries({ queryKey: ['matching', task.projectId] });
}

/** The counts of a task follow its sub-tasks without an event of its own, so it is read again if it is on screen. */
async function rereadTask(client: QueryClient, taskId: string | undefined): Promise<void> {
  if (taskId === undefined || findTask(client, (task) => task.id === taskId) === undefined) return;
  try {
    upsertTask(client, await call('GET /tasks/{id}', { params: { id: taskId } }));
  } catch {
    // What is shown stays until the next reading; a refusal here is nobody's mistake.
  }
}

function applyComment(client: QueryClient, event: LiveEvent, own: boolean): void {
  const { taskId, subjectId, comment } = event;
  if (taskId === null) return;
  if (event.task !== null) {
    upsertTask(client, event.task);
    if (!own) flash(taskId, 'changed');
  }
  client.setQueryData<Comment[]>(['comments', taskId], (known) =>
    known === undefined ? known : mergeComment(known, comment, subjectId),
  );
}

/** A list of comments with one that is new, newer, or gone (null). */
export function mergeComment(known: Comment[], comment: Comment | null, commentId: string | null): Comment[] {
  if (comment === null) return known.filter((other) => other.id !== commentId);
  const index = known.findIndex((other) => other.id === comment.id);
  const existing = known[index];
  if (existing === undefined) {
    return [...known, comment].toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  }
  return existing.version > comment.version ? known : known.with(index, comment);
}

function applyRest(client: QueryClient, event: LiveEvent): void {
  const { workspaceId, projectId } = event;
  const stale: ReadonlyArray<readonly [prefix: string, queryKey: readonly unknown[]]> = [
    ['status.', ['statuses', projectId]],
    ['status.updated', ['tasks']],
    ['status.deleted', ['tasks']],
    ['label.', ['labels', workspaceId]],
    ['label.deleted', ['tasks']],
    ['member.', ['members', workspaceId]],
    ['member.', ['projects', workspaceId]],
    ['member.updated', ['tasks']],
    ['member.removed', ['tasks']],
    ['workspace.', ['workspace']],
    ['workspace.', ['workspaces']],
    ['project', ['projects', workspaceId]],
    ['project_member.', ['project-members', projectId]],
    ['project_member.removed', ['tasks']],
    ['project.updated', ['tasks']],
    ['project.restored', ['tasks']],
  ];
  for (const [prefix, queryKey] of stale) {
    if (event.type.startsWith(prefix)) void client.invalidateQueries({ queryKey });
  }
}
