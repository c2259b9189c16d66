import { maintenancePayload } from '@taskflow/contract/jobs';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Mails what has come together for people in whose time zone it is morning. */
export const notificationDigest: JobType<Record<string, never>> = defineJobType({
  name: 'notification.digest',
  payload: maintenancePayload,
  priority: 'bulk',
  timeoutMs: 10 * 60_000,
  concurrency: 1,
});

/** Reminds people in whose time zone it is morning of what is due. */
export const reminderDue: JobType<Record<string, never>> = defineJobType({
  name: 'reminder.due',
  payload: maintenancePayload,
  priority: 'default',
  timeoutMs: 10 * 60_000,
  concurrency: 1,
});
