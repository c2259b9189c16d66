import type { Domain } from '@taskflow/domain';
import { type Endpoint, read } from '../http/endpoint.ts';
import { page } from '../http/reply.ts';

/** What happened; what happens is told by the live events. */
export const activityEndpoints = ({ activity }: Pick<Domain, 'activity'>): Endpoint[] => [
  read('GET /tasks/{id}/activity', 'task', async ({ access, query }) => page(await activity.listOfTask(access, query))),
  read('GET /projects/{id}/activity', 'project', async ({ access, query }) =>
    page(await activity.listOfProject(access, query)),
  ),
  read('GET /workspaces/{id}/activity', 'workspace', async ({ access, query }) =>
    page(await activity.listOfWorkspace(access, query)),
  ),
];
