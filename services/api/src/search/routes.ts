import type { Domain } from '@taskflow/domain';
import { type Endpoint, read } from '../http/endpoint.ts';
import { page } from '../http/reply.ts';

/** Search. */
export const searchEndpoints = ({ search }: Pick<Domain, 'search'>): Endpoint[] => [
  read('GET /workspaces/{id}/search', 'workspace', async ({ access, query }) => page(await search.find(access, query))),
];
