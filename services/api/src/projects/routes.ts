import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** Projects and their people. */
export const projectEndpoints = ({
  projects,
  projectMembers,
}: Pick<Domain, 'projects' | 'projectMembers'>): Endpoint[] => [
  read('GET /workspaces/{id}/projects', 'workspace', async ({ access, query }) =>
    page(await projects.list(access, query)),
  ),
  write('POST /workspaces/{id}/projects', 'workspace', async ({ unit, access, body }) => {
    const project = await projects.create(unit, access, body);
    return created(project, `/projects/${project.id}`);
  }),
  read('GET /projects/{id}', 'project', async ({ access }) => ok(await projects.get(access))),
  write('PATCH /projects/{id}', 'project', async ({ unit, access, body, ifMatch }) =>
    ok(await projects.update(unit, access, body, ifMatch)),
  ),
  write('DELETE /projects/{id}', 'project', async ({ unit, access, ifMatch }) => {
    await projects.remove(unit, access, ifMatch);
    return noContent();
  }),
  write('POST /projects/{id}/restore', 'deleted-project', async ({ unit, access }) =>
    ok(await projects.restore(unit, access)),
  ),
  read('GET /projects/{id}/members', 'project', async ({ access }) => page(await projectMembers.list(access))),
  write('PUT /projects/{id}/members/{userId}', 'project', async ({ unit, access, params, body }) => {
    const { json } = await projectMembers.put(unit, access, params.userId, body.role);
    return { status: 200, body: json };
  }),
  write('DELETE /projects/{id}/members/{userId}', 'project', async ({ unit, access, params }) => {
    await projectMembers.remove(unit, access, params.userId);
    return noContent();
  }),
];
