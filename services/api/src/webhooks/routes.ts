import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { created, noContent, ok, page } from '../http/reply.ts';

/** Webhooks of a workspace, and what was delivered to them. */
export const webhookEndpoints = ({
  webhooks,
  webhookMessages: messages,
}: Pick<Domain, 'webhooks' | 'webhookMessages'>): Endpoint[] => [
  read('GET /workspaces/{id}/webhooks', 'workspace', async ({ access }) => page(await webhooks.list(access))),
  write('POST /workspaces/{id}/webhooks', 'workspace', async ({ unit, access, body }) => {
    const webhook = await webhooks.create(unit, access, body);
    return created(webhook, `/workspaces/${access.workspace.id}/webhooks/${webhook.id}`);
  }),
  read('GET /workspaces/{id}/webhooks/{webhookId}', 'workspace', async ({ access, params }) =>
    ok(await webhooks.get(access, params.webhookId)),
  ),
  write('PATCH /workspaces/{id}/webhooks/{webhookId}', 'workspace', async ({ unit, access, params, body, ifMatch }) =>
    ok(await webhooks.update(unit, access, params.webhookId, body, ifMatch)),
  ),
  write('DELETE /workspaces/{id}/webhooks/{webhookId}', 'workspace', async ({ unit, access, params, ifMatch }) => {
    await webhooks.remove(unit, access, params.webhookId, ifMatch);
    return noContent();
  }),
  write('POST /workspaces/{id}/webhooks/{webhookId}/rotate-secret', 'workspace', async ({ unit, access, params }) =>
    ok(await webhooks.rotateSecret(unit, access, params.webhookId)),
  ),
  write('POST /workspaces/{id}/webhooks/{webhookId}/ping', 'workspace', async ({ unit, access, params }) => {
    const delivery = await messages.ping(unit, access, params.webhookId);
    return created(delivery, `/webhooks/${params.webhookId}/deliveries`);
  }),
  write('POST /workspaces/{id}/webhooks/{webhookId}/probe', 'workspace', async ({ unit, access, params }) =>
    ok(await messages.probe(unit, access, params.webhookId)),
  ),
  read('GET /webhooks/{id}/deliveries', 'webhook', async ({ access, query }) =>
    page(await messages.listDeliveries(access, query)),
  ),
  write('POST /deliveries/{id}/redeliver', 'delivery', async ({ unit, access }) => {
    const delivery = await messages.redeliver(unit, access);
    return created(delivery, `/webhooks/${access.webhook.id}/deliveries`);
  }),
];
