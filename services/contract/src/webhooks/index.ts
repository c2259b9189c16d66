export { webhookRoutes } from './routes.ts';
export {
  type Delivery,
  deliverySchema,
  deliveryStates,
  type Webhook,
  type WebhookEvent,
  webhookEvents,
  webhookSchema,
  type WebhookWithHealth,
  webhookWithHealthSchema,
  type WebhookWithSecret,
  webhookWithSecretSchema,
} from './schemas.ts';
