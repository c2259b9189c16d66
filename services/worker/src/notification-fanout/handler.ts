import {
  notificationFanout,
  type NotificationFanOut,
  type UnitOfWorkRunner,
  type WebhookDeliveries,
} from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** What the handler works with. */
export interface NotificationFanoutDependencies {
  readonly units: UnitOfWorkRunner;
  readonly deliveries: Pick<WebhookDeliveries, 'fanOut'>;
  readonly notifications: NotificationFanOut;
}

/** Tells people and webhooks what happened. All that follows is committed together with the job, so it follows once. */
export function createNotificationFanoutHandler(dependencies: NotificationFanoutDependencies): AnyJobHandler {
  const { units, deliveries, notifications } = dependencies;
  return handleJob(notificationFanout, async (range, job) => {
    await units.run(async (unit) => {
      const made = await deliveries.fanOut(unit, range);
      const told = await notifications.fanOut(unit, range);
      await job.completeIn(unit, { deliveries: made, notifications: told });
    });
    return undefined;
  });
}
