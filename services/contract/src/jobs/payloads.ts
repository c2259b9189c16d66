import { z } from 'zod';
import { emailAddress, id } from '../http/index.ts';

/** `notification.fanout`: what follows from a stretch of a workspace's activity, both ends included. */
export const notificationFanoutPayload = z.strictObject({
  workspaceId: id,
  fromNumber: z.number().int().positive(),
  toNumber: z.number().int().positive(),
});
/** See {@link notificationFanoutPayload}. */
export type NotificationFanoutPayload = z.infer<typeof notificationFanoutPayload>;

/** `email.send`: hands one mail to the mail server. `provider` is its host, which circuit breakers tell apart. */
export const emailSendPayload = z.strictObject({ mailId: id, provider: z.string().min(1).max(253) });
/** See {@link emailSendPayload}. */
export type EmailSendPayload = z.infer<typeof emailSendPayload>;

/** `password.forgot`: sends a link that sets a new password, if the address has an account. */
export const passwordForgotPayload = z.strictObject({ email: emailAddress });
/** See {@link passwordForgotPayload}. */
export type PasswordForgotPayload = z.infer<typeof passwordForgotPayload>;

/** `webhook.deliver`: one message to one endpoint; `webhookId` is what circuit breakers tell apart. */
export const webhookDeliverPayload = z.strictObject({ deliveryId: id, webhookId: id });
/** See {@link webhookDeliverPayload}. */
export type WebhookDeliverPayload = z.infer<typeof webhookDeliverPayload>;
