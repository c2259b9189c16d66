import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../../api-client/api-client.ts';
import { type Endpoint, startEndpoint } from '../../testing/webhook-endpoint.ts';

const workspace = 'larkspur-bikes';
/** More than a breaker needs to open, so that some deliveries wait for it. */
const changes = 9;
const patienceMs = 30_000;

/** Makes an endpoint of the demo's workspace answer 503 until a breaker holds its deliveries back. */
export async function causeOutage(owner: ApiClient): Promise<Endpoint> {
  const endpoint = await startEndpoint();
  endpoint.answer(() => 503);
  const { id } = await owner.call('GET /workspaces/{id}', { params: { id: workspace } });
  await owner.call('POST /workspaces/{id}/webhooks', { params: { id }, body: { url: endpoint.url } });
  const { items } = await owner.call('GET /workspaces/{id}/tasks', { params: { id }, query: { limit: changes } });
  for (const task of items) {
    await owner.call('PATCH /tasks/{id}', { params: { id: task.id }, body: { title: `${task.title} today` } });
  }
  const until = Date.now() + patienceMs;
  const isHeld = async () =>
    (await owner.call('GET /breakers')).items.some(({ state, quarantined }) => state === 'open' && quarantined > 0);
  while (!(await isHeld())) {
    if (Date.now() > until) {
      throw new Error('the breaker of an endpoint that is down does not open');
    }
    await delay(200);
  }
  return endpoint;
}
