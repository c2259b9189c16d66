import {
  type Continuation,
  notificationFanout,
  type NotificationFanOut,
  type UnitOfWorkRunner,
  type WebhookDeliveries,
} from '@taskflow/domain';
import { type AnyJobHandler, handleJob, type JobOptions, type RunningJob } from '@taskflow/jobs';

/** What the handler works with. */
export interface NotificationFanoutDependencies {
  readonly units: UnitOfWorkRunner;
  readonly deliveries: Pick<WebhookDeliveries, 'fanOut'>;
  readonly notifications: NotificationFanOut;
  readonly recurrences: Pick<Continuation, 'fanOut'>;
}

/** How many activities one job goes through: an import brings thousands, and fifty webhooks may want each of them. */
const mostActivities = 500;

/**
 * Tells people and webhooks what happened, and makes the next tasks of completed ones that repeat. All that follows is
 * committed together with the job, so it follows once. Of a long range the job tells the beginning and leaves the rest
 * to another one, which comes in its turn.
 */
export function createNotificationFanoutHandler(dependencies: NotificationFanoutDependencies): AnyJobHandler {
  const { units, deliveries, notifications, recurrences } = dependencies;
  return handleJob(notificationFanout, async ({ workspaceId, fromNumber, toNumber: last }, job) => {
    const toNumber = Math.min(last, fromNumber + mostActivities - 1);
    const range = { workspaceId, fromNumber, toNumber };
    await units.run(async (unit) => {
      if (toNumber < last) {
        const rest = { workspaceId, fromNumber: toNumber + 1, toNumber: last };
        unit.enqueue(notificationFanout, rest, causeOf(job));
      }
      const made = await deliveries.fanOut(unit, range);
      const told = await notifications.fanOut(unit, range);
      const repeated = await recurrences.fanOut(unit, range);
      await job.completeIn(unit, { deliveries: made, notifications: told, repeated });
    });
    return undefined;
  });
}

function causeOf({ workspaceId, requestedBy, taskId }: RunningJob): JobOptions {
  return {
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(taskId === undefined ? {} : { taskId }),
  };
}
