import { type WebhookDeliverPayload, webhookDeliverPayload } from '@taskflow/contract/jobs';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Sends one message to one endpoint. Each endpoint has its own circuit breaker, so a dead one stops no other. */
export const webhookDeliver: JobType<WebhookDeliverPayload> = defineJobType({
  name: 'webhook.deliver',
  payload: webhookDeliverPayload,
  priority: 'default',
  timeoutMs: 20_000,
  scope: ({ webhookId }) => webhookId,
});

const keptDays = 30;

/** When a message of then is of no use any more: as long as deliveries are kept. */
export const messageExpiry = (at: Date): Date => new Date(at.getTime() + keptDays * 86_400_000);
