import { maintenancePayload } from '@taskflow/contract/jobs';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Makes the next tasks of those that repeat and whose time has come. */
export const taskRecur: JobType<Record<string, never>> = defineJobType({
  name: 'task.recur',
  payload: maintenancePayload,
  priority: 'default',
  timeoutMs: 5 * 60_000,
  concurrency: 1,
});
