import { type NotificationFanoutPayload, notificationFanoutPayload } from '@taskflow/contract/jobs';
import { type Sql, sql } from '@taskflow/db';
import { defineJobType, insertJob, type JobOptions } from '@taskflow/jobs';

/** Tells people and webhooks what happened: one job for each append, so that nothing that happened is forgotten. */
export const notificationFanout = defineJobType<NotificationFanoutPayload>({
  name: 'notification.fanout',
  payload: notificationFanoutPayload,
  priority: 'default',
  timeoutMs: 30_000,
  scope: ({ workspaceId }) => workspaceId,
});

/** An append to the activity of one workspace, inside of a statement. */
interface Appended {
  readonly jobId: string;
  readonly workspaceId: string;
  readonly cause: Pick<JobOptions, 'requestedBy' | 'taskId' | 'requestId' | 'traceParent'>;
  /** Rows with `number` (the last one appended): one, or none when nothing was appended. */
  readonly source: Sql;
  /** How many were appended. */
  readonly count: number;
}

/** Accepts the job of an append, in the statement that appends. */
export function insertFanout({ jobId, workspaceId, cause, source, count }: Appended): Sql {
  return insertJob(
    {
      ...cause,
      id: jobId,
      type: notificationFanout.name,
      priority: notificationFanout.priority,
      scope: workspaceId,
      workspaceId,
    },
    {
      payload: sql`jsonb_build_object(
        'workspaceId', ${workspaceId}::text, 'fromNumber', number - ${count - 1}::int, 'toNumber', number)`,
      source,
    },
  );
}
