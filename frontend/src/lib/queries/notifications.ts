import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

/** How much is unread. Live events refresh it; for what no event tells of, so does coming back, and each minute. */
export const inboxCountQuery = queryOptions({
  queryKey: ['inbox', 'count'],
  queryFn: async ({ signal }) => (await call('GET /notifications/count', { signal })).unread,
  refetchInterval: 60_000,
  refetchOnWindowFocus: true,
});

/** The inbox by task, newest first, page by page. */
export const inboxQuery = (unreadOnly: boolean) =>
  infiniteQueryOptions({
    queryKey: ['inbox', 'threads', unreadOnly],
    queryFn: ({ signal, pageParam }) =>
      call('GET /notifications', {
        query: {
          limit: 50,
          ...(unreadOnly ? { unread: 'true' as const } : {}),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: true,
  });

/** How the person wants to be told. */
export const preferencesQuery = queryOptions({
  queryKey: ['me', 'preferences'],
  queryFn: ({ signal }) => call('GET /me/preferences', { signal }),
});

/** Whether the person watches a task. */
export const watchQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['watch', taskId],
    queryFn: async ({ signal }) => (await call('GET /tasks/{id}/watch', { params: { id: taskId }, signal })).watching,
  });
