import { type Executor, sql } from '@taskflow/db';
import { insertJobs, type JobOptions, type NewJob, newJob } from '../accept.ts';
import type { JobType } from '../job-type.ts';
import { PayloadInvalidError } from '../payload-invalid-error.ts';
import { readNow } from './read-now.ts';
import { nextRun } from './timing.ts';

/** Options of {@link createScheduleStep}. */
export interface ScheduleStepOptions {
  /** Types that this release knows; schedules of others wait for a release that does. */
  readonly types: readonly JobType[];
  readonly newId: () => string;
  /** Told of a schedule that can never run again because its timing cannot be read. Must not throw. */
  readonly onUnreadable: (scheduleId: string, error: unknown) => void;
  /** @default PostgreSQL's clock */
  readonly now?: (executor: Executor) => Promise<Date>;
}

interface DueSchedule {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly cron: string;
  readonly time_zone: string;
  readonly workspace_id: string | null;
  readonly created_by: string | null;
  readonly next_run_at: Date;
}

/** Most schedules of one step. */
const batchSize = 100;

/**
 * Accepts the jobs of schedules that are due, and says when each runs next. Whoever calls it, and however often at a
 * time: an occurrence becomes one job. Occurrences that nobody was there for become one job together. A clock that
 * goes back repeats nothing, since what has run is never due again.
 *
 * @returns a function to be called in a transaction; it answers how many jobs were accepted
 */
export function createScheduleStep(options: ScheduleStepOptions): (tx: Executor) => Promise<number> {
  const types = new Map(options.types.map((type) => [type.name, type]));
  const names = [...types.keys()];
  return async (tx) => {
    const now = await (options.now ?? readNow)(tx);
    const due = await findDue(tx, names, now);
    const firings = due.flatMap((schedule) => {
      const type = types.get(schedule.type);
      return type === undefined ? [] : [{ schedule, job: jobOf(schedule, type, options.newId()) }];
    });
    if (firings.length === 0) {
      return 0;
    }
    const rows = firings.map(({ schedule, job }) => ({
      id: schedule.id,
      job_id: job.id,
      next_run_at: followingRun(schedule, now, options.onUnreadable),
    }));
    return await fire(
      tx,
      firings.map(({ job }) => job),
      rows,
      now,
    );
  };
}

function findDue(tx: Executor, types: readonly string[], now: Date): Promise<DueSchedule[]> {
  return tx.query<DueSchedule>(
    sql`
      select id, type, payload, cron, time_zone, workspace_id, created_by, next_run_at from schedules s
      where paused_at is null and next_run_at <= ${now} and type = any(${types}::text[])
        and not exists (select from workspaces w where w.id = s.workspace_id and w.deleted_at is not null)
      order by next_run_at, id
      limit ${batchSize}
      for update skip locked`,
    { name: 'schedules-due' },
  );
}

function jobOf(schedule: DueSchedule, type: JobType, id: string): NewJob {
  const options: JobOptions = {
    ...(schedule.workspace_id !== null && { workspaceId: schedule.workspace_id }),
    ...(schedule.created_by !== null && { requestedBy: schedule.created_by }),
    uniqueKey: `schedule:${schedule.id}:${schedule.next_run_at.toISOString()}`,
  };
  try {
    return newJob(id, type, schedule.payload, options);
  } catch (error) {
    if (!(error instanceof PayloadInvalidError)) {
      throw error;
    }
    // of another release: accepted all the same, so that it is quarantined where an operator sees it
    const { name, priority } = type;
    return { ...options, id, type: name, priority, scope: '', payload: schedule.payload };
  }
}

function followingRun(
  { id, cron, time_zone: timeZone }: DueSchedule,
  now: Date,
  onUnreadable: ScheduleStepOptions['onUnreadable'],
): Date | undefined {
  try {
    return nextRun({ cron, timeZone }, now);
  } catch (error) {
    onUnreadable(id, error);
    return undefined;
  }
}

interface FiringRow {
  readonly id: string;
  readonly job_id: string;
  readonly next_run_at: Date | undefined;
}

async function fire(tx: Executor, jobs: readonly NewJob[], rows: readonly FiringRow[], now: Date): Promise<number> {
  const fired = await tx.query<{ accepted: boolean }>(
    sql`
      with accepted as (${insertJobs(jobs)})
      update schedules s set next_run_at = f.next_run_at, last_run_at = ${now},
        last_job_id = coalesce(accepted.id, s.last_job_id)
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f (id uuid, job_id uuid, next_run_at timestamptz)
        left join accepted on accepted.id = f.job_id
      where s.id = f.id
      returning accepted.id is not null as accepted`,
    { name: 'schedules-fire' },
  );
  return fired.filter(({ accepted }) => accepted).length;
}
