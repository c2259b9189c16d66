import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

/** The signed-in person. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call('GET /me', { signal }),
  staleTime: 5 * 60_000,
});

/** Where the person is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await call('GET /me/sessions', { signal })).items,
});

/** The person's API tokens. */
export const tokensQuery = queryOptions({
  queryKey: ['me', 'tokens'],
  queryFn: async ({ signal }) => (await call('GET /me/tokens', { signal })).items,
});

/** The latest jobs that the person asked for. */
export const ownJobsQuery = queryOptions({
  queryKey: ['me', 'jobs'],
  queryFn: async ({ signal }) => (await call('GET /me/jobs', { query: { limit: 20 }, signal })).items,
  staleTime: 0,
  refetchInterval: 5_000,
});
