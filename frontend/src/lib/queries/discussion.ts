import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { everyPage, pageLimit } from '../api/every-page.ts';

/** Comments of a task, oldest first. */
export const commentsQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['comments', taskId],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        call('GET /tasks/{id}/comments', {
          params: { id: taskId },
          query: { limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        }),
      ),
  });

/** What happened to a task, newest first; the latest hundred. */
export const taskActivityQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['activity', 'task', taskId],
    queryFn: async ({ signal }) =>
      (await call('GET /tasks/{id}/activity', { params: { id: taskId }, query: { limit: 100 }, signal })).items,
  });

/** What happened in a workspace, newest first, page by page. */
export const workspaceActivityQuery = (workspaceId: string) =>
  infiniteQueryOptions({
    queryKey: ['activity', 'workspace', workspaceId],
    queryFn: ({ signal, pageParam }) =>
      call('GET /workspaces/{id}/activity', {
        params: { id: workspaceId },
        query: { limit: 30, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  });

/** Links of a task. */
export const linksQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['links', taskId],
    queryFn: async ({ signal }) => (await call('GET /tasks/{id}/links', { params: { id: taskId }, signal })).items,
  });

/** What a task has caused, newest first; the latest fifty. */
export const effectsQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['effects', taskId],
    queryFn: async ({ signal }) =>
      (await call('GET /tasks/{id}/effects', { params: { id: taskId }, query: { limit: 50 }, signal })).items,
    staleTime: 0,
    refetchInterval: 5_000,
  });
