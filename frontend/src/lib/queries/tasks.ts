import type { Task } from '@taskflow/contract/tasks';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { everyPage, pageLimit } from '../api/every-page.ts';
import { findTask, reconcile, type TaskList, taskKey, taskListKey } from '../tasks/task-cache.ts';

type ReadPage = (query: { limit: number; cursor?: string }) => Promise<{ items: Task[]; nextCursor: string | null }>;

/** Reads a list page by page; the first pages show while the rest is still loading. */
async function readAll(client: QueryClient, key: readonly unknown[], read: ReadPage): Promise<TaskList> {
  const known = () => client.getQueryData<TaskList>(key);
  const first = known() === undefined;
  const readFrom = performance.now();
  const items = await everyPage(
    (cursor) => read({ limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) }),
    (soFar) => {
      if (first) client.setQueryData<TaskList>(key, reconcile(known(), { items: soFar, complete: false }, readFrom));
    },
  );
  return reconcile(known(), { items, complete: true }, readFrom);
}

/** Every task of a project. */
export const projectTasksQuery = (projectId: string) => {
  const key = taskListKey({ kind: 'project', projectId });
  return queryOptions({
    queryKey: key,
    queryFn: ({ client, signal }) =>
      readAll(client, key, (query) =>
        call('GET /projects/{id}/tasks', { params: { id: projectId }, query: { ...query, sort: 'rank' }, signal }),
      ),
  });
};

/** Tasks of one workspace that are assigned to the person. */
export const myTasksQuery = (workspaceId: string, userId: string) => {
  const key = taskListKey({ kind: 'mine', workspaceId, userId });
  return queryOptions({
    queryKey: key,
    queryFn: ({ client, signal }) =>
      readAll(client, key, (query) =>
        call('GET /workspaces/{id}/tasks', {
          params: { id: workspaceId },
          query: { ...query, assignee: 'me', sort: 'dueAt' },
          signal,
        }),
      ),
  });
};

/** Sub-tasks of a task. */
export const subtasksQuery = (task: Pick<Task, 'id' | 'projectId'>) => {
  const key = taskListKey({ kind: 'subtasks', parentId: task.id });
  return queryOptions({
    queryKey: key,
    queryFn: ({ client, signal }) =>
      readAll(client, key, (query) =>
        call('GET /projects/{id}/tasks', {
          params: { id: task.projectId },
          query: { ...query, parent: task.id },
          signal,
        }),
      ),
  });
};

/** One task by its key; shown at once when a list has it already. */
export const taskQuery = (client: QueryClient, workspaceId: string, key: string) =>
  queryOptions({
    queryKey: taskKey(workspaceId, key),
    queryFn: ({ signal }) =>
      call('GET /tasks/{id}', { params: { id: key }, query: { workspace: workspaceId }, signal }),
    initialData: () => findTask(client, (task) => task.key === key && task.workspaceId === workspaceId),
    initialDataUpdatedAt: 0,
  });

/** Ids of the tasks of a project whose title, description or comments have every word of a text. */
export const matchingIdsQuery = (projectId: string, text: string) =>
  queryOptions({
    queryKey: ['matching', projectId, text],
    queryFn: async ({ signal }) => {
      const items = await everyPage((cursor) =>
        call('GET /projects/{id}/tasks', {
          params: { id: projectId },
          query: { q: text, limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        }),
      );
      return items.map((item) => item.id);
    },
    enabled: text !== '',
  });

/** One task by its id; shown at once when a list has it already. */
export const taskByIdQuery = (client: QueryClient, taskId: string) =>
  queryOptions({
    queryKey: ['task-by-id', taskId],
    queryFn: ({ signal }) => call('GET /tasks/{id}', { params: { id: taskId }, signal }),
    initialData: () => findTask(client, (task) => task.id === taskId),
  });
