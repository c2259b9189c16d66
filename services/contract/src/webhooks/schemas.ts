import { z } from 'zod';
import { activityTypes } from '../activity/index.ts';
import { id, instant, prose, version } from '../http/index.ts';

/** Sent by the test button; every other event is a type of activity. */
const pingEvent = 'ping';

/** What a delivery can be about. */
export const webhookEvents = [pingEvent, ...activityTypes] as const;
/** See {@link webhookEvents}. */
export type WebhookEvent = (typeof webhookEvents)[number];

const endpointUrl = z
  .string()
  .trim()
  .max(2_000)
  .refine(isEndpoint, 'must be an http or https address without user name, password or fragment');

function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.hash === ''
  );
}

/** How an endpoint does: whether deliveries go out, and if not, since when, why and until when. */
const webhookHealthSchema = z.strictObject({
  /** `ok`: deliveries go out; `paused`: its circuit breaker is open; `disabled`: somebody, or the answer 410, ended it. */
  state: z.enum(['ok', 'paused', 'disabled']),
  /** Why it is paused, as in `HTTP_503`. */
  errorCode: z.string().nullable(),
  /** Failures in a row when it was paused. */
  failures: z.number().int().nonnegative(),
  /** When the next delivery is tried. */
  pausedUntil: instant.nullable(),
  /** Deliveries that are kept until the endpoint answers again. */
  kept: z.number().int().nonnegative(),
});

/** An endpoint of a workspace that is told what happens. */
export const webhookSchema = z.strictObject({
  id,
  workspaceId: id,
  url: z.string(),
  description: z.string(),
  /** Empty: every event. */
  eventTypes: z.array(z.enum(activityTypes)),
  isActive: z.boolean(),
  /** Until when signatures are made with the secret before the last rotation too. */
  previousSecretUntil: instant.nullable(),
  createdBy: id,
  version,
  createdAt: instant,
  updatedAt: instant,
});
/** See {@link webhookSchema}. */
export type Webhook = z.infer<typeof webhookSchema>;

/** A webhook in a list or by itself, with how it does. */
export const webhookWithHealthSchema = webhookSchema.extend({ health: webhookHealthSchema });
/** See {@link webhookWithHealthSchema}. */
export type WebhookWithHealth = z.infer<typeof webhookWithHealthSchema>;

/** The answer that holds the secret, once: `whsec_` and 24 random bytes in base64. */
export const webhookWithSecretSchema = webhookSchema.extend({ secret: z.string() });
/** See {@link webhookWithSecretSchema}. */
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;

const eventTypes = z.array(z.enum(activityTypes)).max(activityTypes.length);

/** Body of `POST /workspaces/{id}/webhooks`. */
export const createWebhookBody = z.strictObject({
  url: endpointUrl,
  description: prose(500).optional(),
  eventTypes: eventTypes.optional(),
});

/** Body of `PATCH /workspaces/{id}/webhooks/{webhookId}`. */
export const updateWebhookBody = z.strictObject({
  url: endpointUrl.optional(),
  description: prose(500).optional(),
  eventTypes: eventTypes.optional(),
  isActive: z.boolean().optional(),
});

/** Where a delivery is: `waiting` and `running` come before, `kept` is quarantined until the endpoint does better. */
export const deliveryStates = ['waiting', 'running', 'kept', 'delivered', 'failed'] as const;

/** One message to an endpoint, with the last answer it got. */
export const deliverySchema = z.strictObject({
  id,
  webhookId: id,
  eventType: z.enum(webhookEvents),
  state: z.enum(deliveryStates),
  /** Requests that were made. */
  attempts: z.number().int().nonnegative(),
  /** `webhook-id` of the message: the same for every attempt and redelivery, so that the endpoint can tell. */
  messageId: z.string(),
  /** The first 10,000 characters; all of it is sent. */
  requestBody: z.string(),
  responseStatus: z.number().int().nullable(),
  /** The beginning of the answer. */
  responseBody: z.string().nullable(),
  errorCode: z.string().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  jobId: id.nullable(),
  createdAt: instant,
  lastAttemptAt: instant.nullable(),
  deliveredAt: instant.nullable(),
});
/** See {@link deliverySchema}. */
export type Delivery = z.infer<typeof deliverySchema>;
