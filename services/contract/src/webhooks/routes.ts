import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import {
  createWebhookBody,
  deliverySchema,
  updateWebhookBody,
  webhookSchema,
  webhookWithHealthSchema,
  webhookWithSecretSchema,
} from './schemas.ts';

const byId = z.strictObject({ id: pathId });
const byWebhook = z.strictObject({ id: pathId, webhookId: pathId });
const tag = 'Webhooks';

/** Routes of webhooks and of what was delivered to them. */
export const webhookRoutes = defineRoutes({
  'GET /workspaces/{id}/webhooks': {
    summary: 'Webhooks of a workspace, and how each does',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: pageOf(webhookWithHealthSchema) },
  },
  'POST /workspaces/{id}/webhooks': {
    summary: 'Add a webhook; its secret is shown once',
    tag,
    auth: 'admin',
    params: byId,
    body: createWebhookBody,
    success: { status: 201, body: webhookWithSecretSchema },
    secret: true,
  },
  'GET /workspaces/{id}/webhooks/{webhookId}': {
    summary: 'One webhook, and how it does',
    tag,
    auth: 'admin',
    params: byWebhook,
    success: { status: 200, body: webhookWithHealthSchema },
  },
  'PATCH /workspaces/{id}/webhooks/{webhookId}': {
    summary: 'Change a webhook, or turn it off and on',
    tag,
    auth: 'admin',
    params: byWebhook,
    body: updateWebhookBody,
    success: { status: 200, body: webhookSchema },
    versioned: true,
  },
  'DELETE /workspaces/{id}/webhooks/{webhookId}': {
    summary: 'Remove a webhook; what was not delivered yet is discarded',
    tag,
    auth: 'admin',
    params: byWebhook,
    success: { status: 204 },
    versioned: true,
  },
  'POST /workspaces/{id}/webhooks/{webhookId}/rotate-secret': {
    summary: 'Make a new secret; for a day deliveries are signed with the old one too',
    tag,
    auth: 'admin',
    params: byWebhook,
    success: { status: 200, body: webhookWithSecretSchema },
    secret: true,
  },
  'POST /workspaces/{id}/webhooks/{webhookId}/ping': {
    summary: 'Deliver a test event',
    tag,
    auth: 'admin',
    params: byWebhook,
    success: { status: 201, body: deliverySchema },
  },
  'POST /workspaces/{id}/webhooks/{webhookId}/probe': {
    summary: 'Try a paused endpoint now instead of at the end of its pause',
    tag,
    auth: 'admin',
    params: byWebhook,
    success: { status: 200, body: webhookWithHealthSchema },
  },
  'GET /webhooks/{id}/deliveries': {
    summary: 'What was delivered to a webhook, newest first',
    tag,
    auth: 'admin',
    params: byId,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: pageOf(deliverySchema) },
  },
  'POST /deliveries/{id}/redeliver': {
    summary: 'Deliver the same message once more',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 201, body: deliverySchema },
  },
});
