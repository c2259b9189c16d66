import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { everyPage, pageLimit } from '../api/every-page.ts';

/** Projects of a workspace that the person sees. */
export const projectsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['projects', workspaceId],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        call('GET /workspaces/{id}/projects', {
          params: { id: workspaceId },
          query: { limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        }),
      ),
  });

/** Statuses of a project in the order of its board. */
export const statusesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['statuses', projectId],
    queryFn: async ({ signal }) =>
      (await call('GET /projects/{id}/statuses', { params: { id: projectId }, signal })).items,
  });

/** People of a project. */
export const projectMembersQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['project-members', projectId],
    queryFn: async ({ signal }) =>
      (await call('GET /projects/{id}/members', { params: { id: projectId }, signal })).items,
  });

/** A project by a key that may be a former one. */
export const projectByKeyQuery = (workspaceId: string, key: string) =>
  queryOptions({
    queryKey: ['project', workspaceId, key],
    queryFn: ({ signal }) =>
      call('GET /projects/{id}', { params: { id: key }, query: { workspace: workspaceId }, signal }),
  });
