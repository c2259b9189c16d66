import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** Labels of a workspace. */
export const labelEndpoints = ({ labels }: Pick<Domain, 'labels'>): Endpoint[] => [
  read('GET /workspaces/{id}/labels', 'workspace', async ({ access }) => page(await labels.list(access))),
  write('POST /workspaces/{id}/labels', 'workspace', async ({ unit, access, body }) => {
    const label = await labels.create(unit, access, body);
    return created(label, `/workspaces/${access.workspace.id}/labels/${label.id}`);
  }),
  write('PATCH /workspaces/{id}/labels/{labelId}', 'workspace', async ({ unit, access, params, body, ifMatch }) =>
    ok(await labels.update(unit, access, params.labelId, body, ifMatch)),
  ),
  write('DELETE /workspaces/{id}/labels/{labelId}', 'workspace', async ({ unit, access, params, ifMatch }) => {
    await labels.remove(unit, access, params.labelId, ifMatch);
    return noContent();
  }),
];
