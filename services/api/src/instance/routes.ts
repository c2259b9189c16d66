import type { Instance } from '@taskflow/contract/instance';
import { type Endpoint, read } from '../http/endpoint.ts';
import { value } from '../http/reply.ts';

/** What anybody may know of the instance. */
export const instanceEndpoints = (instance: Instance): Endpoint[] => [
  read('GET /instance', 'public', async () => value(instance)),
];
