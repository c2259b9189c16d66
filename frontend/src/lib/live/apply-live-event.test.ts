// @vitest-environment node
import type { Comment } from '@taskflow/contract/comments';
import { QueryClient } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { aComment, aLiveEvent, aTask } from '../../testing/samples.ts';
import { reconcile, type TaskList, taskKey, taskListKey, upsertTask } from '../tasks/task-cache.ts';
import { applyLiveEvent } from './apply-live-event.ts';

const server = startFakeApi();
const project = taskListKey({ kind: 'project', projectId: 'project' });
const mine = taskListKey({ kind: 'mine', workspaceId: 'workspace', userId: 'ada' });

let client: QueryClient;
const listOf = (key: typeof project) => client.getQueryData<TaskList>(key)?.items ?? [];

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData<TaskList>(project, { items: [aTask({ version: 3 })], complete: true });
  client.setQueryData<TaskList>(mine, { items: [], complete: true });
});

describe('applyLiveEvent', () => {
  it('takes a newer task and leaves an older one', () => {
    applyLiveEvent(client, aLiveEvent({ task: aTask({ title: 'Newer', version: 4 }) }), 'ada');
    applyLiveEvent(client, aLiveEvent({ task: aTask({ title: 'Older', version: 2 }) }), 'ada');
    expect(listOf(project)).toMatchObject([{ title: 'Newer', version: 4 }]);
  });

  it('takes new counts although the version stays', () => {
    const counted = aTask({ version: 3, counts: { comments: 2, subtasks: 0, completedSubtasks: 0 } });
    applyLiveEvent(client, aLiveEvent({ type: 'comment.created', task: counted, comment: aComment() }), 'ada');
    expect(listOf(project)[0]?.counts.comments).toBe(2);
  });

  it('puts a task into the lists that it now belongs to, and takes it out of the others', () => {
    applyLiveEvent(client, aLiveEvent({ task: aTask({ version: 4, assigneeIds: ['ada'] }) }), 'ada');
    expect(listOf(mine)).toHaveLength(1);
    applyLiveEvent(client, aLiveEvent({ task: aTask({ version: 5, assigneeIds: ['jonas'] }) }), 'ada');
    expect(listOf(mine)).toHaveLength(0);
    expect(listOf(project)).toHaveLength(1);
  });

  it('takes a deleted task out, also out of what a slower read brings', async () => {
    applyLiveEvent(client, aLiveEvent({ type: 'task.deleted', task: null }), 'ada');
    await vi.waitFor(() => expect(listOf(project)).toHaveLength(0));
    const read = { items: [aTask({ version: 3 })], complete: true };
    expect(reconcile(client.getQueryData(project), read, 0).items).toEqual([]);
    // Brought back, it shows again.
    upsertTask(client, aTask({ version: 4 }));
    expect(listOf(project)).toHaveLength(1);
  });

  it('keeps a task that arrived while a list was being read', () => {
    const readFrom = performance.now();
    upsertTask(client, aTask({ id: 'task-2', key: 'OPS-2' }));
    const merged = reconcile(
      client.getQueryData(project),
      { items: [aTask({ version: 3 })], complete: true },
      readFrom,
    );
    expect(merged.items.map(({ id }) => id)).toEqual(['task-1', 'task-2']);
  });

  it('merges comments by version, and takes deleted ones out', () => {
    client.setQueryData<Comment[]>(['comments', 'task-1'], [aComment({ version: 2 })]);
    const comments = () => client.getQueryData<Comment[]>(['comments', 'task-1']) ?? [];
    const about = (comment: Comment | null) =>
      applyLiveEvent(client, aLiveEvent({ type: 'comment.updated', subjectId: 'comment-1', comment }), 'ada');
    about(aComment({ version: 1, body: 'Older' }));
    expect(comments()[0]?.body).toBe('Done on staging.');
    about(aComment({ version: 3, body: 'Newer' }));
    expect(comments()[0]?.body).toBe('Newer');
    about(null);
    expect(comments()).toEqual([]);
  });

  it.each([
    'label.deleted',
    'status.updated',
    'status.deleted',
    'member.updated',
    'member.removed',
    'project.updated',
    'project_member.removed',
  ] as const)('reads tasks again after %s, which changes what stands in them', (type) => {
    applyLiveEvent(client, aLiveEvent({ type, taskId: null, task: null }), 'ada');
    expect(client.getQueryState(project)?.isInvalidated).toBe(true);
  });

  it('reads the parent of a changed sub-task again, because its counts follow', async () => {
    const counts = { comments: 0, subtasks: 1, completedSubtasks: 1 };
    server.use(http.get(`${apiAddress}/tasks/task-1`, () => HttpResponse.json(aTask({ version: 3, counts }))));
    const part = aTask({ id: 'part', key: 'OPS-9', parentId: 'task-1' });
    applyLiveEvent(client, aLiveEvent({ type: 'task.created', taskId: 'part', task: part }), 'ada');
    await vi.waitFor(() => expect(client.getQueryData(taskKey('workspace', 'OPS-1'))).toMatchObject({ counts }));
  });
});
