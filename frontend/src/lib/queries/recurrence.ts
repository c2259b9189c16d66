import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

/** How a task repeats; null when it does not. */
export const recurrenceQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['recurrence', taskId],
    queryFn: async ({ signal }) =>
      (await call('GET /tasks/{id}/recurrence', { params: { id: taskId }, signal })).recurrence,
  });
