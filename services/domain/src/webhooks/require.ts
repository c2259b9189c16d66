import type { Executor } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { Document } from '../core/document.ts';
import { notFound } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { lockWebhook, readWebhook, type WebhookRow } from './repository.ts';

/** Locks a webhook for a change. @throws DomainError `forbidden`, `not_found` */
export async function lockManaged(unit: UnitOfWork, access: WorkspaceAccess, webhookId: string): Promise<WebhookRow> {
  authorize(access, 'webhook.manage');
  const webhook = isId(webhookId) ? await lockWebhook(unit, access.workspace.id, webhookId) : undefined;
  if (webhook === undefined) {
    throw notFound();
  }
  return webhook;
}

/** A webhook that is there. @throws DomainError `not_found` */
export async function requireWebhook(
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
