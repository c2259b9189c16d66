import { type BuiltInSchedule, defineSchedule } from '@taskflow/jobs';
import {
  purgeBlobsJob,
  purgeIdempotencyKeysJob,
  purgeInvitationsJob,
  purgeJobsJob,
  purgeMailsJob,
  purgeNotificationsJob,
  purgeSessionsJob,
  purgeWebhookDeliveriesJob,
} from './job-types.ts';

/** Upkeep that every instance does by itself, at odd minutes of the night and, for what grows fast, of every hour. */
export const maintenanceSchedules: readonly BuiltInSchedule[] = [
  defineSchedule('maintenance.purge-sessions', purgeSessionsJob, {}, { cron: '17 3 * * *' }),
  defineSchedule('maintenance.purge-invitations', purgeInvitationsJob, {}, { cron: '29 3 * * *' }),
  defineSchedule('maintenance.purge-mails', purgeMailsJob, {}, { cron: '37 3 * * *' }),
  defineSchedule('maintenance.purge-webhook-deliveries', purgeWebhookDeliveriesJob, {}, { cron: '47 3 * * *' }),
  defineSchedule('maintenance.purge-notifications', purgeNotificationsJob, {}, { cron: '7 4 * * *' }),
  defineSchedule('maintenance.purge-idempotency-keys', purgeIdempotencyKeysJob, {}, { cron: '41 * * * *' }),
  defineSchedule('maintenance.purge-blobs', purgeBlobsJob, {}, { cron: '23 * * * *' }),
  defineSchedule('maintenance.purge-jobs', purgeJobsJob, {}, { cron: '53 * * * *' }),
];
