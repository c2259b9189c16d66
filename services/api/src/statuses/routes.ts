import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** The columns of a project's board. */
export const statusEndpoints = ({ statuses }: Pick<Domain, 'statuses'>): Endpoint[] => [
  read('GET /projects/{id}/statuses', 'project', async ({ access }) => page(await statuses.list(access))),
  write('POST /projects/{id}/statuses', 'project', async ({ unit, access, body }) => {
    const status = await statuses.create(unit, access, body);
    return created(status, `/projects/${access.project.id}/statuses/${status.id}`);
  }),
  write('PATCH /projects/{id}/statuses/{statusId}', 'project', async ({ unit, access, params, body, ifMatch }) =>
    ok(await statuses.update(unit, access, params.statusId, body, ifMatch)),
  ),
  write('DELETE /projects/{id}/statuses/{statusId}', 'project', async ({ unit, access, params, query, ifMatch }) => {
    await statuses.remove(unit, access, params.statusId, { moveTo: query.moveTo, expectedVersion: ifMatch });
    return noContent();
  }),
];
