import type { Body } from '@taskflow/contract/api';
import type { Executor } from '@taskflow/db';
import { discardScope } from '@taskflow/jobs';
import type { WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError } from '../core/errors.ts';
import { wholePage } from '../core/id-page.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { webhookDeliver } from './job-types.ts';
import {
  countWebhooks,
  deleteWebhook,
  insertWebhook,
  listWebhooks,
  replaceSecret,
  updateWebhook,
} from './repository.ts';
import { lockManaged, requireWebhook } from './require.ts';
import { newWebhookSecret } from './signature.ts';

/** Endpoints of a workspace that are told what happens there. Owners and admins see and change them. */
export type WebhookService = ReturnType<typeof createWebhookService>;

/** The list has no pages, so it has an end. */
const maximumWebhooks = 50;

/** @param options.newId makes ids of new rows */
export function createWebhookService(options: { executor: Executor; newId: () => string }) {
  const { executor, newId } = options;

  return {
    /** In the order in which they were made. @throws DomainError `forbidden` */
    async list(access: WorkspaceAccess): Promise<DocumentPage> {
      authorize(access, 'webhook.manage');
      return wholePage(await listWebhooks(executor, access.workspace.id));
    },

    /** @throws DomainError `forbidden`, `not_found` */
    async get(access: WorkspaceAccess, webhookId: string): Promise<Document> {
      authorize(access, 'webhook.manage');
      return requireWebhook(executor, access, webhookId, 'withHealth');
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
      return requireWebhook(unit, access, id, 'withSecret');
    },

    /** Turning it off discards what was not delivered yet. @throws DomainError `forbidden`, `not_found`, `stale_version` */
    async update(
      unit: UnitOfWork,
      access: WorkspaceAccess,
      webhookId: string,
      patch: Body<'PATCH /workspaces/{id}/webhooks/{webhookId}'>,
      expectedVersion: number | undefined,
    ): Promise<Document> {
      const { version, ...current } = await lockManaged(unit, access, webhookId);
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
      return requireWebhook(unit, access, webhookId, 'plain');
    },

    /** What was not delivered yet is discarded. @throws DomainError `forbidden`, `not_found`, `stale_version` */
    async remove(
      unit: UnitOfWork,
      access: WorkspaceAccess,
      webhookId: string,
      expectedVersion: number | undefined,
    ): Promise<void> {
      const { version } = await lockManaged(unit, access, webhookId);
      assertVersion(version, expectedVersion);
      await deleteWebhook(unit, webhookId);
      await discardScope(unit, { type: webhookDeliver.name, scope: webhookId }, 'webhook_deleted');
    },

    /** Answers the new secret, this once; the old one signs too for a day. @throws DomainError `forbidden`, `not_found` */
    async rotateSecret(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<Document> {
      await lockManaged(unit, access, webhookId);
      await replaceSecret(unit, webhookId, newWebhookSecret());
      return requireWebhook(unit, access, webhookId, 'withSecret');
    },
  };
}
