import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** Comments of tasks. */
export const commentEndpoints = ({ comments }: Pick<Domain, 'comments'>): Endpoint[] => [
  read('GET /tasks/{id}/comments', 'task', async ({ access, query }) => page(await comments.list(access, query))),
  write('POST /tasks/{id}/comments', 'task', async ({ unit, access, body }) => {
    const comment = await comments.create(unit, access, body.body);
    return created(comment, `/comments/${comment.id}`);
  }),
  read('GET /comments/{id}', 'comment', async ({ access }) => ok(await comments.get(access))),
  write('PATCH /comments/{id}', 'comment', async ({ unit, access, body, ifMatch }) =>
    ok(await comments.update(unit, access, body.body, ifMatch)),
  ),
  write('DELETE /comments/{id}', 'comment', async ({ unit, access, ifMatch }) => {
    await comments.remove(unit, access, ifMatch);
    return noContent();
  }),
  write('POST /comments/{id}/restore', 'deleted-comment', async ({ unit, access }) =>
    ok(await comments.restore(unit, access)),
  ),
];
