import { z } from 'zod';
import { id } from '../http/index.ts';

/** `notification.fanout`: what follows from a stretch of a workspace's activity, both ends included. */
export const notificationFanoutPayload = z.strictObject({
  workspaceId: id,
  fromNumber: z.number().int().positive(),
  toNumber: z.number().int().positive(),
});
/** See {@link notificationFanoutPayload}. */
export type NotificationFanoutPayload = z.infer<typeof notificationFanoutPayload>;
