import type { Executor } from '@taskflow/db';
import { discardScope } from '@taskflow/jobs';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import type { LiveSource } from '../live/live-source.ts';
import { messageExpiry, webhookDeliver } from './job-types.ts';
import { disableWebhook, findDeliveryToSend, findWanted, insertDeliveries, recordAttempt } from './repository.ts';
import { webhookSignature } from './signature.ts';
import { newMessageId } from './message-id.ts';

/** A request to an endpoint, signed for this attempt. */
export interface DeliveryRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an endpoint answered, or why it did not. */
export interface DeliveryAttempt {
  readonly status: number | null;
  /** The beginning of the answer. */
  readonly body: string | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
}

/** The worker's side of webhooks. */
export interface WebhookDeliveries {
  /** Makes a delivery with its job for each active webhook that wants an activity of the range; each only once. */
  fanOut(
    unit: UnitOfWork,
    range: { readonly workspaceId: string; readonly fromNumber: number; readonly toNumber: number },
  ): Promise<number>;
  /** The request of a delivery; undefined when there is no need any more: delivered, turned off or deleted. */
  toSend(deliveryId: string, now: Date): Promise<DeliveryRequest | undefined>;
  /** Notes a success; belongs into the unit that completes the job. */
  delivered(unit: UnitOfWork, deliveryId: string, attempt: DeliveryAttempt): Promise<void>;
  /** Notes an attempt that failed, unless another one delivered the message meanwhile. */
  failed(deliveryId: string, attempt: DeliveryAttempt): Promise<void>;
  /**
   * An endpoint said that it is gone for good (410): turns the webhook off, unless it sends somewhere else by now; what
   * waits for it is discarded.
   */
  gone(unit: UnitOfWork, webhookId: string, url: string): Promise<void>;
}

/** How many activities are in memory at a time; each may hold a task with 100,000 characters. */
const chunk = 50;

/** @param options.newId makes ids of new rows @param options.eventsIn reads what messages are made of */
export function createWebhookDeliveries(options: {
  executor: Executor;
  newId: () => string;
  eventsIn: (executor: Executor) => Pick<LiveSource, 'read'>;
  userAgent: string;
}): WebhookDeliveries {
  const { executor, newId, eventsIn, userAgent } = options;

  async function fanOutChunk(unit: UnitOfWork, workspaceId: string, fromNumber: number, toNumber: number) {
    const wanted = await findWanted(unit, workspaceId, { fromNumber, toNumber });
    if (wanted.length === 0) {
      return 0;
    }
    const events = await eventsIn(unit).read(workspaceId, {
      after: fromNumber - 1,
      upTo: toNumber,
      limit: chunk,
    });
    const dataOf = new Map(events.map(({ number, json }) => [number, json]));
    // one text for all endpoints that are told of the same activity
    const bodyOf = new Map(
      wanted.map(({ number, type, at }) => [
        number,
        `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(at)},"data":${dataOf.get(number) ?? 'null'}}`,
      ]),
    );
    const deliveries = wanted.map(({ webhook_id: webhookId, number, type, at, task_id: taskId }) => {
      const id = newId();
      const cause = { workspaceId, expiresAt: messageExpiry(new Date(at)), ...(taskId === null ? {} : { taskId }) };
      return {
        id,
        workspaceId,
        webhookId,
        eventType: type,
        activityNumber: number,
        messageId: newMessageId(id),
        isRedelivery: false,
        requestBody: bodyOf.get(number) ?? '',
        jobId: unit.enqueue(webhookDeliver, { deliveryId: id, webhookId }, cause),
      };
    });
    await insertDeliveries(unit, deliveries);
    return deliveries.length;
  }

  return {
    async fanOut(unit, { workspaceId, fromNumber, toNumber }) {
      let made = 0;
      for (let from = fromNumber; from <= toNumber; from += chunk) {
        made += await fanOutChunk(unit, workspaceId, from, Math.min(toNumber, from + chunk - 1));
      }
      return made;
    },

    async toSend(deliveryId, now) {
      const delivery = await findDeliveryToSend(executor, deliveryId);
      if (delivery === undefined) {
        return undefined;
      }
      const { message_id: messageId, request_body: body } = delivery;
      const timestamp = Math.floor(now.getTime() / 1_000);
      return {
        url: delivery.url,
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': userAgent,
          'webhook-id': messageId,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': webhookSignature({ messageId, timestamp, body }, delivery.secrets),
        },
      };
    },

    delivered: (unit, deliveryId, attempt) => recordAttempt(unit, deliveryId, { ...attempt, isDelivered: true }),
    failed: (deliveryId, attempt) => recordAttempt(executor, deliveryId, { ...attempt, isDelivered: false }),

    async gone(unit, webhookId, url) {
      if (await disableWebhook(unit, webhookId, url)) {
        await discardScope(unit, { type: webhookDeliver.name, scope: webhookId }, 'endpoint_gone');
      }
    },
  };
}
