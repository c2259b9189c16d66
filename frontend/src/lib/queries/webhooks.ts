import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

/** How often what happens in the background is read again while somebody looks. */
const refreshMs = 3_000;

/** Webhooks of a workspace, and how each does. */
export const webhooksQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['webhooks', workspaceId],
    queryFn: async ({ signal }) =>
      (await call('GET /workspaces/{id}/webhooks', { params: { id: workspaceId }, signal })).items,
    refetchInterval: refreshMs,
  });

/** The newest deliveries of a webhook. */
export const deliveriesQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ['deliveries', webhookId],
    queryFn: async ({ signal }) =>
      (await call('GET /webhooks/{id}/deliveries', { params: { id: webhookId }, query: { limit: 50 }, signal })).items,
    refetchInterval: refreshMs,
  });
