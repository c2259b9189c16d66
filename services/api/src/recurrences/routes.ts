import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { noContent, value } from '../http/reply.ts';

/** How tasks repeat. */
export const recurrenceEndpoints = ({ recurrences }: Pick<Domain, 'recurrences'>): Endpoint[] => [
  read('GET /tasks/{id}/recurrence', 'task', async ({ access }) =>
    value({ recurrence: await recurrences.get(access) }),
  ),
  write('PUT /tasks/{id}/recurrence', 'task', async ({ unit, access, body }) => {
    await recurrences.put(unit, access, body);
    return value({ recurrence: body });
  }),
  write('DELETE /tasks/{id}/recurrence', 'task', async ({ unit, access }) => {
    await recurrences.remove(unit, access);
    return noContent();
  }),
];
