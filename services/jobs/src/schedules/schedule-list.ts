import type { JobState, QuarantineReason } from '@taskflow/contract/jobs';
import { type Executor, sql } from '@taskflow/db';

/** A schedule as people look at it. */
export interface ScheduleView {
  readonly id: string;
  /** Stable name of one that the release brings along, `null` for one that people made. */
  readonly key: string | null;
  readonly workspaceId: string | null;
  readonly type: string;
  readonly cron: string;
  readonly timeZone: string;
  /** `null` when it never runs again. While it is paused, this is when it would have. */
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
  readonly pausedAt: Date | null;
  /** `null` when there was none, or when it has been purged since. */
  readonly lastJob: {
    readonly id: string;
    readonly state: JobState;
    readonly reason: QuarantineReason | null;
    readonly errorCode: string | null;
  } | null;
  readonly version: number;
}

/** Which schedules to list. */
export interface ScheduleFilter {
  /** Those of one workspace. @default all, of the instance and of every workspace */
  readonly workspaceId?: string;
  /** Only this one. */
  readonly id?: string;
  /** Those that follow this id. */
  readonly afterId?: string;
  readonly limit: number;
}

/** Schedules with their last job, by id. */
export function listSchedules(executor: Executor, filter: ScheduleFilter): Promise<ScheduleView[]> {
  const { workspaceId = null, id = null, afterId = null, limit } = filter;
  return executor.query<ScheduleView>(
    sql`
      select s.id, s.key, s.workspace_id as "workspaceId", s.type, s.cron, s.time_zone as "timeZone",
        s.next_run_at as "nextRunAt", s.last_run_at as "lastRunAt", s.paused_at as "pausedAt", s.version,
        case when j.id is not null then json_build_object(
          'id', j.id, 'state', j.state, 'reason', j.reason, 'errorCode', j.error_code
        ) end as "lastJob"
      from schedules s left join jobs j on j.id = s.last_job_id
      where (${workspaceId}::uuid is null or s.workspace_id = ${workspaceId})
        and (${id}::uuid is null or s.id = ${id})
        and (${afterId}::uuid is null or s.id > ${afterId})
      order by s.id limit ${limit}`,
    { name: 'schedules-list' },
  );
}
