import type { Migration } from '../migration.ts';
import { initial } from './0001-initial.ts';
import { jobTables } from './0002-jobs.ts';
import { taskFieldsColumn } from './0003-task-fields.ts';
import { mailTables } from './0004-mail.ts';
import { jobDispatchIndex } from './0005-job-dispatch.ts';
import { webhookTables } from './0006-webhooks.ts';
import { heldJobIndexes } from './0007-held-jobs.ts';
import { endedJobIndexes } from './0008-ended-jobs.ts';
import { fileTables } from './0009-files.ts';
import { notificationTables } from './0010-notifications.ts';
import { reminderTables } from './0011-reminders.ts';
import { recurrenceTables } from './0012-recurrences.ts';

/**
 * Every migration, oldest first. Append only: names that reached main never change, because each
 * database remembers which it has seen.
 */
export const migrations: readonly Migration[] = [
  initial,
  jobTables,
  taskFieldsColumn,
  mailTables,
  jobDispatchIndex,
  webhookTables,
  heldJobIndexes,
  endedJobIndexes,
  fileTables,
  notificationTables,
  reminderTables,
  recurrenceTables,
];
