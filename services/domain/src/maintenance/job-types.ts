import { maintenancePayload } from '@taskflow/contract/jobs';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Upkeep of the instance: late is fine, twice at a time is waste. */
const upkeep = (name: string): JobType<Record<string, never>> =>
  defineJobType({ name, payload: maintenancePayload, priority: 'bulk', timeoutMs: 15 * 60_000, concurrency: 1 });

/** Deletes sessions that ended long ago. */
export const purgeSessionsJob = upkeep('maintenance.purge-sessions');

/** Deletes invitations that were used, withdrawn or ran out long ago. */
export const purgeInvitationsJob = upkeep('maintenance.purge-invitations');

/** Deletes mails that were sent or given up long ago, and links in mails that lead nowhere any more. */
export const purgeMailsJob = upkeep('maintenance.purge-mails');

/** Deletes deliveries to webhooks that came to an end long ago. */
export const purgeWebhookDeliveriesJob = upkeep('maintenance.purge-webhook-deliveries');

/** Deletes what people were told long ago. */
export const purgeNotificationsJob = upkeep('maintenance.purge-notifications');

/** Deletes answers that are kept for writes sent again, once nobody may ask for them any more. */
export const purgeIdempotencyKeysJob = upkeep('maintenance.purge-idempotency-keys');

/** Forgets files whose time is over. */
export const purgeBlobsJob = upkeep('maintenance.purge-blobs');

/** Deletes jobs that ended long ago, with their attempts, and what circuit breakers did long ago. */
export const purgeJobsJob = upkeep('maintenance.purge-jobs');
