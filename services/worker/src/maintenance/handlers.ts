import {
  type MaintenanceService,
  purgeBlobsJob,
  purgeIdempotencyKeysJob,
  purgeInvitationsJob,
  purgeJobsJob,
  purgeMailsJob,
  purgeNotificationsJob,
  purgeSessionsJob,
  purgeWebhookDeliveriesJob,
} from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** Upkeep of the instance. Each deletes what is over now, so a run that is broken off or done twice does no harm. */
export function createMaintenanceHandlers({ maintenance }: { maintenance: MaintenanceService }): AnyJobHandler[] {
  return [
    handleJob(purgeSessionsJob, async (_, { signal }) => ({ deleted: await maintenance.purgeSessions(signal) })),
    handleJob(purgeInvitationsJob, async (_, { signal }) => ({ deleted: await maintenance.purgeInvitations(signal) })),
    handleJob(purgeMailsJob, async (_, { signal }) => ({
      deleted: await maintenance.purgeMails(signal),
      deletedLinks: await maintenance.purgeAccountLinks(signal),
    })),
    handleJob(purgeWebhookDeliveriesJob, async (_, { signal }) => ({
      deleted: await maintenance.purgeWebhookDeliveries(signal),
    })),
    handleJob(purgeNotificationsJob, async (_, { signal }) => ({
      deleted: await maintenance.purgeNotifications(signal),
    })),
    handleJob(purgeIdempotencyKeysJob, async (_, { signal }) => ({
      deleted: await maintenance.purgeIdempotencyKeys(signal),
    })),
    handleJob(purgeBlobsJob, async (_, { signal }) => ({ deleted: await maintenance.purgeBlobs(signal) })),
    handleJob(purgeJobsJob, async (_, { signal }) => ({
      discarded: await maintenance.discardExpiredJobs(signal),
      deleted: await maintenance.purgeJobs(signal),
      deletedBreakerEvents: await maintenance.purgeBreakerEvents(signal),
    })),
  ];
}
