import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { everyPage, pageLimit } from '../api/every-page.ts';

/** Workspaces of the person. */
export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: ({ signal }) =>
    everyPage((cursor) => call('GET /workspaces', { query: { limit: pageLimit, ...page(cursor) }, signal })),
});

/** One workspace by its slug (old ones too) or id. */
export const workspaceQuery = (ref: string) =>
  queryOptions({
    queryKey: ['workspace', ref],
    queryFn: ({ signal }) => call('GET /workspaces/{id}', { params: { id: ref }, signal }),
  });

/** People of a workspace. */
export const membersQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['members', workspaceId],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        call('GET /workspaces/{id}/members', {
          params: { id: workspaceId },
          query: { limit: pageLimit, ...page(cursor) },
          signal,
        }),
      ),
  });

/** Labels of a workspace. */
export const labelsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['labels', workspaceId],
    queryFn: async ({ signal }) =>
      (await call('GET /workspaces/{id}/labels', { params: { id: workspaceId }, signal })).items,
  });

/** Invitations of a workspace that wait. */
export const invitationsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['invitations', workspaceId],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        call('GET /workspaces/{id}/invitations', {
          params: { id: workspaceId },
          query: { limit: pageLimit, ...page(cursor) },
          signal,
        }),
      ),
  });

function page(cursor: string | undefined) {
  return cursor === undefined ? {} : { cursor };
}
