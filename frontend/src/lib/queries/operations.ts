import type { Query } from '@taskflow/contract/api';
import type { OperationsSnapshot } from '@taskflow/contract/operations';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { createStore } from '../store.ts';

/** Everything about operations begins with this. */
const root = 'operations';
const refreshMs = 2_000;

/** Whether the stream of operations tells what happens, so that nothing has to be asked for. */
export const operationsAreLive = createStore(false);

const unlessLive = () => (operationsAreLive.get() ? false : refreshMs);

/** What waits and runs. */
export const queuesQuery = queryOptions({
  queryKey: [root, 'queues'],
  queryFn: ({ signal }) => call('GET /queues', { signal }),
  refetchInterval: unlessLive,
});

/** Circuit breakers. */
export const breakersQuery = queryOptions({
  queryKey: [root, 'breakers'],
  queryFn: ({ signal }) => call('GET /breakers', { signal }),
  refetchInterval: unlessLive,
});

/** Puts what the stream told where pages look. */
export function takeSnapshot(client: QueryClient, { queues, breakers }: OperationsSnapshot): void {
  client.setQueryData(queuesQuery.queryKey, queues);
  client.setQueryData(breakersQuery.queryKey, breakers);
}

/** What a list of jobs is narrowed to. */
export type JobFilter = Omit<NonNullable<Query<'GET /jobs'>>, 'limit' | 'cursor'>;

/** Jobs that a filter names, newest first, page by page. */
export const jobsQuery = (filter: JobFilter) =>
  infiniteQueryOptions({
    queryKey: [root, 'jobs', filter],
    queryFn: ({ pageParam, signal }) =>
      call('GET /jobs', {
        query: { ...filter, limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: refreshMs,
  });

/** Everything in which jobs appear. */
export const allJobsKey = [root, 'jobs'] as const;
/** See {@link allJobsKey}. */
export const oneJobKey = (id: string) => [root, 'job', id] as const;

/** One job. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: [...oneJobKey(id), 'all'],
    queryFn: ({ signal }) => call('GET /jobs/{id}', { params: { id }, signal }),
    refetchInterval: refreshMs,
  });

/** Why a job is where it is. */
export const whyQuery = (id: string) =>
  queryOptions({
    queryKey: [...oneJobKey(id), 'why'],
    queryFn: ({ signal }) => call('GET /jobs/{id}/why', { params: { id }, signal }),
    refetchInterval: refreshMs,
  });

/** Quarantined jobs in groups. */
export const quarantineQuery = queryOptions({
  queryKey: [root, 'quarantine'],
  queryFn: async ({ signal }) => (await call('GET /jobs/quarantine', { signal })).items,
  refetchInterval: refreshMs,
});

/** What a breaker did. */
export const breakerEventsQuery = (key: string) =>
  queryOptions({
    queryKey: [root, 'breaker events', key],
    queryFn: async ({ signal }) =>
      (await call('GET /breakers/{key}/events', { params: { key }, query: { limit: 20 }, signal })).items,
    refetchInterval: refreshMs,
  });

/** Schedules. */
export const schedulesQuery = queryOptions({
  queryKey: [root, 'schedules'],
  queryFn: async ({ signal }) => (await call('GET /schedules', { query: { limit: 200 }, signal })).items,
  refetchInterval: 5_000,
});

/** Mails, newest first, page by page. */
export const mailsQuery = (state: NonNullable<Query<'GET /mails'>>['state']) =>
  infiniteQueryOptions({
    queryKey: [root, 'mails', state ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call('GET /mails', {
        query: {
          limit: 50,
          ...(state === undefined ? {} : { state }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 5_000,
  });

/** One mail with its text. */
export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: [root, 'mail', id],
    queryFn: ({ signal }) => call('GET /mails/{id}', { params: { id }, signal }),
  });
