import type { LinkService } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { noContent, page } from '../http/reply.ts';

/** Links between tasks. */
export const linkEndpoints = ({ links }: { links: LinkService }): Endpoint[] => [
  read('GET /tasks/{id}/links', 'task', async ({ access }) => page(await links.list(access))),
  write('POST /tasks/{id}/links', 'task', async ({ unit, access, body }) => {
    const { id, json } = await links.create(unit, access, body);
    return { status: 201, body: json, location: `/tasks/${access.task.id}/links/${id}` };
  }),
  write('DELETE /tasks/{id}/links/{linkId}', 'task', async ({ unit, access, params }) => {
    await links.delete(unit, access, params.linkId);
    return noContent();
  }),
];
