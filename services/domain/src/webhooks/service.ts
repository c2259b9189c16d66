import type { Body } from '@taskflow/contract/api';
import type { Executor } from '@taskflow/db';
import { discardScope, probeScope } from '@taskflow/jobs';
import type { DeliveryAccess, WebhookAccess, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery, wholePage } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { webhookDeliver } from './job-types.ts';
import {
  countWebhooks,
  deleteWebhook,
  findDeliveryToRepeat,
  insertDeliveries,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  lockWebhook,
  readDelivery,
  readWebhook,
  replaceSecret,
  updateWebhook,
  type WebhookRow,
} from './repository.ts';
import { newWebhookSecret } from './signature.ts';

/** Endpoints of a workspace that are told what happens there. Owners and admins see and change them. */
export type WebhookService = ReturnType<typeof createWebhookService>;

/** The list has no pages, so it has an end. */
const maximumWebhooks = 50;

/** @param options.newId makes ids of new rows */
export function createWebhookService(options: { executor: Executor; newId: () => string }) {
  const { executor, newId } = options;

  async function lock(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<WebhookRow> {
    authorize(access, 'webhook.manage');
    const webhook = isId(webhookId) ? await lockWebhook(unit, access.workspace.id, webhookId) : undefined;
    if (webhook === undefined) {
      throw notFound();
    }
    return webhook;
  }

  async function read(
    from: Executor,
    access: WorkspaceAccess,
    webhookId: string,
    shape: 'plain' | 'withSecret' | 'withHealth',
  ): Promise<Document> {
    const webhook = isId(webhookId) ? await readWebhook(from, access.workspace.id, webhookId, shape) : undefined;
    if (webhook === undefined) {
      throw notFound();
    }
    return webhook;
  }

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
      { workspaceId, requestedBy: access.caller.userId },
    );
    await insertDeliveries(unit, [{ ...message, id: deliveryId, workspaceId, jobId }]);
    return readDelivery(unit, deliveryId);
  }

  return {
    /** In the order in which they were made. @throws DomainError `forbidden` */
    async list(access: WorkspaceAccess): Promise<DocumentPage> {
      authorize(access, 'webhook.manage');
      return wholePage(await listWebhooks(executor, access.workspace.id));
    },

    /** @throws DomainError `forbidden`, `not_found` */
    async get(access: WorkspaceAccess, webhookId: string): Promise<Document> {
      authorize(access, 'webhook.manage');
      return read(executor, access, webhookId, 'withHealth');
    },

    /** Answers the secret, this once. @throws DomainError `forbidden`, `conflict` when there are too many */
    async create(
      unit: UnitOfWork,
      access: WorkspaceAccess,
      input: Body<'POST /workspaces/{id}/webhooks'>,
    ): Promise<Document> {
      authorize(access, 'webhook.manage');
      const workspaceId = access.workspace.id;
      if ((await countWebhooks(unit, workspaceId)) >= maximumWebhooks) {
        throw new DomainError('conflict', `A workspace has at most ${maximumWebhooks} webhooks`);
      }
      const id = newId();
      await insertWebhook(unit, {
        id,
        workspaceId,
        url: input.url,
        description: input.description ?? '',
        eventTypes: input.eventTypes ?? [],
        secret: newWebhookSecret(),
        createdBy: access.caller.userId,
      });
      return read(unit, access, id, 'withSecret');
    },

    /** Turning it off discards what was not delivered yet. @throws DomainError `forbidden`, `not_found`, `stale_version` */
    async update(
      unit: UnitOfWork,
      access: WorkspaceAccess,
      webhookId: string,
      patch: Body<'PATCH /workspaces/{id}/webhooks/{webhookId}'>,
      expectedVersion: number | undefined,
    ): Promise<Document> {
      const { version, ...current } = await lock(unit, access, webhookId);
      assertVersion(version, expectedVersion);
      const next = {
        url: patch.url ?? current.url,
        description: patch.description ?? current.description,
        event_types: patch.eventTypes ?? current.event_types,
        is_active: patch.isActive ?? current.is_active,
      };
      if (JSON.stringify(next) !== JSON.stringify(current)) {
        await updateWebhook(unit, webhookId, next);
      }
      if (current.is_active && !next.is_active) {
        await discardScope(unit, { type: webhookDeliver.name, scope: webhookId }, 'webhook_disabled');
      }
      return read(unit, access, webhookId, 'plain');
    },

    /** What was not delivered yet is discarded. @throws DomainError `forbidden`, `not_found`, `stale_version` */
    async remove(
      unit: UnitOfWork,
      access: WorkspaceAccess,
      webhookId: string,
      expectedVersion: number | undefined,
    ): Promise<void> {
      const { version } = await lock(unit, access, webhookId);
      assertVersion(version, expectedVersion);
      await deleteWebhook(unit, webhookId);
      await discardScope(unit, { type: webhookDeliver.name, scope: webhookId }, 'webhook_deleted');
    },

    /** Answers the new secret, this once; the old one signs too for a day. @throws DomainError `forbidden`, `not_found` */
    async rotateSecret(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<Document> {
      await lock(unit, access, webhookId);
      await replaceSecret(unit, webhookId, newWebhookSecret());
      return read(unit, access, webhookId, 'withSecret');
    },

    /** Delivers a test event. @throws DomainError `forbidden`, `not_found`, `conflict` when it is turned off */
    async ping(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<Document> {
      const webhook = await lock(unit, access, webhookId);
      if (!webhook.is_active) {
        throw new DomainError('conflict', 'The webhook is turned off');
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
      await lock(unit, access, webhookId);
      if (!(await probeScope(unit, { type: webhookDeliver.name, scope: webhookId }))) {
        throw new DomainError('conflict', 'No delivery of this webhook waits');
      }
      return read(unit, access, webhookId, 'withHealth');
    },

    /** Newest first. @throws DomainError `forbidden` */
    async listDeliveries(access: WebhookAccess, query: PageQuery): Promise<DocumentPage> {
      authorize(access, 'webhook.manage');
      const page = idPage(query, ['deliveries', access.webhook.id]);
      return page.toPage(await listDeliveries(executor, access.webhook.id, page));
    },

    /** Sends the same message once more, under the same `webhook-id`. @throws DomainError `forbidden`, `not_found` */
    async redeliver(unit: UnitOfWork, access: DeliveryAccess): Promise<Document> {
      authorize(access, 'webhook.manage');
      const first = await findDeliveryToRepeat(unit, access.delivery.id);
      if (first === undefined) {
        throw notFound();
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

/** The `webhook-id` of a message. */
export const newMessageId = (id: string): string => `msg_${id}`;
