import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

/** What anybody may know of the instance: who may register, whether it sends mail. */
export const instanceQuery = queryOptions({
  queryKey: ['instance'],
  queryFn: ({ signal }) => call('GET /instance', { signal }),
  staleTime: 5 * 60_000,
});
