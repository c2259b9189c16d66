import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** Workspaces and their people. */
export const workspaceEndpoints = ({ workspaces, members }: Pick<Domain, 'workspaces' | 'members'>): Endpoint[] => [
  read('GET /workspaces', 'caller', async ({ access, query }) => page(await workspaces.list(access, query))),
  write('POST /workspaces', 'caller', async ({ unit, access, body }) => {
    const workspace = await workspaces.create(unit, access, body);
    return created(workspace, `/workspaces/${workspace.id}`);
  }),
  read('GET /workspaces/{id}', 'workspace', async ({ access }) => ok(await workspaces.get(access))),
  write('PATCH /workspaces/{id}', 'workspace', async ({ unit, access, body, ifMatch }) =>
    ok(await workspaces.update(unit, access, body, ifMatch)),
  ),
  write('DELETE /workspaces/{id}', 'workspace', async ({ unit, access, ifMatch }) => {
    await workspaces.delete(unit, access, ifMatch);
    return noContent();
  }),
  write('POST /workspaces/{id}/restore', 'deleted-workspace', async ({ unit, access, ifMatch }) =>
    ok(await workspaces.restore(unit, access, ifMatch)),
  ),

  read('GET /workspaces/{id}/members', 'workspace', async ({ access, query }) =>
    page(await members.list(access, query)),
  ),
  write('PATCH /workspaces/{id}/members/{userId}', 'workspace', async ({ unit, access, params, body, ifMatch }) =>
    ok(await members.update(unit, access, params.userId, body, ifMatch)),
  ),
  write('DELETE /workspaces/{id}/members/{userId}', 'workspace', async ({ unit, access, params, ifMatch }) => {
    await members.remove(unit, access, params.userId, ifMatch);
    return noContent();
  }),
];
