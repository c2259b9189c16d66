import { type Executor, maybeOne, sql } from '@taskflow/db';
import { acceptJobs, type JobOptions, newJob } from '../accept.ts';
import type { JobType } from '../job-type.ts';
import { readNow } from './read-now.ts';
import { nextRun } from './timing.ts';

/**
 * Pauses a schedule. Nothing happens when it is paused already.
 *
 * @returns whether there is such a schedule
 */
export async function pauseSchedule(executor: Executor, id: string): Promise<boolean> {
  const found = await maybeOne(
    executor,
    sql`
      update schedules set
        version = case when paused_at is null then version + 1 else version end,
        updated_at = case when paused_at is null then now() else updated_at end,
        paused_at = coalesce(paused_at, now())
      where id = ${id}
      returning id`,
    { name: 'schedules-pause' },
  );
  return found !== undefined;
}

/**
 * Lets a paused schedule go on with its next time; those that it missed while paused are left out.
 *
 * @returns whether there is such a schedule
 */
export async function resumeSchedule(tx: Executor, id: string): Promise<boolean> {
  type Row = { cron: string; time_zone: string; is_paused: boolean };
  const row = await maybeOne<Row>(
    tx,
    sql`select cron, time_zone, paused_at is not null as is_paused from schedules where id = ${id} for update`,
    { name: 'schedules-lock' },
  );
  if (row?.is_paused === true) {
    const next = nextRun({ cron: row.cron, timeZone: row.time_zone }, await readNow(tx)) ?? null;
    await tx.query(
      sql`
        update schedules set paused_at = null, next_run_at = ${next}, version = version + 1, updated_at = now()
        where id = ${id}`,
      { name: 'schedules-resume' },
    );
  }
  return row !== undefined;
}

/** A run that was asked for. */
export interface AskedRun {
  readonly jobId: string;
  /** False when an earlier asking has not ended yet: `jobId` is that one's. */
  readonly accepted: boolean;
}

/**
 * Accepts a job of a schedule now, beside its timing, also while it is paused. While such a job is not final, no
 * other one is accepted. Whoever commits notifies the workers.
 *
 * @param types types that this release knows
 * @returns `undefined` when there is no such schedule, or its type is of another release
 * @throws PayloadInvalidError when the schedule's payload is not what the type says
 */
export async function runScheduleNow(
  tx: Executor,
  id: string,
  job: Pick<JobOptions, 'requestedBy' | 'requestId' | 'traceParent'> & { readonly id: string },
  types: readonly JobType[],
): Promise<AskedRun | undefined> {
  type Row = { type: string; payload: unknown; workspace_id: string | null };
  const row = await maybeOne<Row>(
    tx,
    sql`select type, payload, workspace_id from schedules where id = ${id} for update`,
    { name: 'schedules-lock-to-run' },
  );
  const type = types.find(({ name }) => name === row?.type);
  if (row === undefined || type === undefined) {
    return undefined;
  }
  const { id: jobId, ...cause } = job;
  const uniqueKey = `schedule:${id}:now`;
  const workspace = row.workspace_id === null ? {} : { workspaceId: row.workspace_id };
  const [accepted] = await acceptJobs(tx, [newJob(jobId, type, row.payload, { ...cause, ...workspace, uniqueKey })]);
  if (accepted === undefined) {
    return { jobId: await findAsked(tx, type.name, uniqueKey), accepted: false };
  }
  await tx.query(sql`update schedules set last_run_at = clock_timestamp(), last_job_id = ${jobId} where id = ${id}`, {
    name: 'schedules-ran',
  });
  return { jobId, accepted: true };
}

/** The schedule's row is locked, so that job was asked for before; ended since or not, it was the last to be accepted. */
async function findAsked(tx: Executor, type: string, uniqueKey: string): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    sql`
      select id from jobs where type = ${type} and unique_key = ${uniqueKey}
      order by state in ('succeeded', 'canceled', 'discarded'), id desc limit 1`,
  );
  if (row === undefined) {
    throw new RangeError('a job with this unique key has just been there');
  }
  return row.id;
}
