import type { Instance } from '@taskflow/contract/instance';
import { type Endpoint, read } from '../http/endpoint.ts';
import { value } from '../http/reply.ts';

/** What anybody may know of the instance. */
export function instanceEndpoints(instance: Instance): Endpoint[] {
  const reply = value(instance);
  return [read('GET /instance', 'public', async () => reply)];
}
