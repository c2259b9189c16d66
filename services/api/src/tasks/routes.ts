import type { TaskService } from '@taskflow/domain';
import { act, type Endpoint, list, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** Tasks of a project, a workspace, a person; one task. */
export const taskEndpoints = ({ tasks }: { tasks: TaskService }): Endpoint[] => [
  list('GET /projects/{id}/tasks', 'project', ({ params, query }) => tasks.listOfProject(params.id, query)),
  act('POST /projects/{id}/tasks', 'project', async ({ access, body, idempotency }) => {
    const task = await tasks.create(access, body, idempotency);
    return created(task, `/tasks/${task.id}`);
  }),
  read('GET /workspaces/{id}/tasks', 'workspace', async ({ access, query }) =>
    page(await tasks.listOfWorkspace(access, query)),
  ),
  read('GET /me/tasks', 'caller', async ({ access, query }) => page(await tasks.listOfCaller(access, query))),
  read('GET /tasks/{id}', 'task', async ({ access }) => ok(await tasks.get(access))),
  write('PATCH /tasks/{id}', 'task', async ({ unit, access, body, ifMatch }) =>
    ok(await tasks.update(unit, access, body, ifMatch)),
  ),
  write('DELETE /tasks/{id}', 'task', async ({ unit, access, ifMatch }) => {
    await tasks.delete(unit, access, ifMatch);
    return noContent();
  }),
  write('POST /tasks/{id}/restore', 'deleted-task', async ({ unit, access }) => ok(await tasks.restore(unit, access))),
  write('POST /tasks/{id}/move', 'task', async ({ unit, access, body, ifMatch }) =>
    ok(await tasks.move(unit, access, body, ifMatch)),
  ),
];
