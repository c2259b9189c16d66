import { notificationFanout, type UnitOfWorkRunner, type WebhookDeliveries } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** What the handler works with. */
export interface NotificationFanoutDependencies {
  readonly units: UnitOfWorkRunner;
  readonly deliveries: WebhookDeliveries;
}

/** Tells webhooks what happened. All that follows is committed together with the job, so it follows once. */
export function createNotificationFanoutHandler({ units, deliveries }: NotificationFanoutDependencies): AnyJobHandler {
  return handleJob(notificationFanout, async (range, job) => {
    await units.run(async (unit) => {
      const made = await deliveries.fanOut(unit, range);
      await job.completeIn(unit, { deliveries: made });
    });
    return undefined;
  });
}
