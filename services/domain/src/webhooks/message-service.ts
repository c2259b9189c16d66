import type { Executor } from '@taskflow/db';
import { probeScope } from '@taskflow/jobs';
import type { DeliveryAccess, WebhookAccess, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { messageExpiry, webhookDeliver } from './job-types.ts';
import { newMessageId } from './message-id.ts';
import { findDeliveryToRepeat, insertDeliveries, listDeliveries, readDelivery } from './repository.ts';
import { lockManaged, requireWebhook } from './require.ts';

const turnedOff = () => new DomainError('conflict', 'The webhook is turned off');

/** What people see and cause of the messages to a webhook. Owners and admins do. */
export type WebhookMessageService = ReturnType<typeof createWebhookMessageService>;

/** @param options.newId makes ids of new rows */
export function createWebhookMessageService(options: { executor: Executor; newId: () => string }) {
  const { executor, newId } = options;

  /** Inserts one delivery with its job. */
  async function deliver(
    unit: UnitOfWork,
    access: WorkspaceAccess,
    message: {
      readonly webhookId: string;
      readonly eventType: string;
      readonly activityNumber: number | null;
      readonly messageId: string;
      readonly requestBody: string;
      readonly isRedelivery: boolean;
    },
  ): Promise<Document> {
    const deliveryId = newId();
    const workspaceId = access.workspace.id;
    const jobId = unit.enqueue(
      webhookDeliver,
      { deliveryId, webhookId: message.webhookId },
      { workspaceId, requestedBy: access.caller.userId, expiresAt: messageExpiry(new Date()) },
    );
    await insertDeliveries(unit, [{ ...message, id: deliveryId, workspaceId, jobId }]);
    return readDelivery(unit, deliveryId);
  }

  return {
    /** Delivers a test event. @throws DomainError `forbidden`, `not_found`, `conflict` when it is turned off */
    async ping(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<Document> {
      const webhook = await lockManaged(unit, access, webhookId);
      if (!webhook.is_active) {
        throw turnedOff();
      }
      const messageId = newMessageId(newId());
      const body = { type: 'ping', timestamp: new Date().toISOString(), data: { webhookId } };
      return deliver(unit, access, {
        webhookId,
        eventType: 'ping',
        activityNumber: null,
        messageId,
        requestBody: JSON.stringify(body),
        isRedelivery: false,
      });
    },

    /** Tries a paused endpoint now. @throws DomainError `forbidden`, `not_found`, `conflict` when nothing waits */
    async probe(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<Document> {
      await lockManaged(unit, access, webhookId);
      if (!(await probeScope(unit, { type: webhookDeliver.name, scope: webhookId }))) {
        throw new DomainError('conflict', 'No delivery of this webhook waits');
      }
      return requireWebhook(unit, access, webhookId, 'withHealth');
    },

    /** Newest first. @throws DomainError `forbidden` */
    async listDeliveries(access: WebhookAccess, query: PageQuery): Promise<DocumentPage> {
      authorize(access, 'webhook.manage');
      const page = idPage(query, ['deliveries', access.webhook.id]);
      return page.toPage(await listDeliveries(executor, access.webhook.id, page));
    },

    /**
     * Sends the same message once more, under the same `webhook-id`.
     *
     * @throws DomainError `forbidden`, `not_found`, `conflict` when the webhook is turned off
     */
    async redeliver(unit: UnitOfWork, access: DeliveryAccess): Promise<Document> {
      authorize(access, 'webhook.manage');
      const first = await findDeliveryToRepeat(unit, access.delivery.id);
      if (first === undefined) {
        throw notFound();
      }
      if (!first.is_active) {
        throw turnedOff();
      }
      return deliver(unit, access, {
        webhookId: first.webhook_id,
        eventType: first.event_type,
        activityNumber: first.activity_number,
        messageId: first.message_id,
        requestBody: first.request_body,
        isRedelivery: true,
      });
    },
  };
}
