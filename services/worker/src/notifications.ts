import type { Database } from '@taskflow/db';
import {
  createContinuation,
  createNotificationDigest,
  createNotificationFanOut,
  createNotificationSender,
  createReminders,
  type MailQueue,
  newId,
  type UnitOfWorkRunner,
  type WebhookDeliveries,
} from '@taskflow/domain';
import type { AnyJobHandler } from '@taskflow/jobs';
import { createNotificationDigestHandler } from './notification-digest/handler.ts';
import { createNotificationFanoutHandler } from './notification-fanout/handler.ts';
import { createTaskRecurHandler } from './task-recur/handler.ts';
import { createReminderDueHandler } from './reminder-due/handler.ts';

/** The part of the worker that follows what happens: tells people and webhooks, reminds, and lets tasks repeat. */
export function createNotificationHandlers(options: {
  readonly database: Database;
  readonly units: UnitOfWorkRunner;
  readonly deliveries: WebhookDeliveries;
  readonly mails: MailQueue;
  /** Where people reach the instance: the origin of links. */
  readonly publicUrl: string;
}): AnyJobHandler[] {
  const { database, units, deliveries, mails, publicUrl } = options;
  const now = () => new Date();
  const sender = createNotificationSender({ newId, now, mails });
  const recurrences = createContinuation({ units, newId, now });
  return [
    createTaskRecurHandler({ recurrences }),
    createNotificationFanoutHandler({
      recurrences,
      units,
      deliveries,
      notifications: createNotificationFanOut({ sender, publicUrl }),
    }),
    createNotificationDigestHandler({
      digest: createNotificationDigest({ executor: database, units, mails, publicUrl, now }),
    }),
    createReminderDueHandler({
      reminders: createReminders({ executor: database, units, newId, mails, publicUrl, now }),
    }),
  ];
}
