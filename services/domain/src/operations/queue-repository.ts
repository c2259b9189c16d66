import type { JobPriority, JobState } from '@taskflow/contract/jobs';
import type { JobTypeSettings, Queues } from '@taskflow/contract/operations';
import { type Executor, maybeOne, one, sql } from '@taskflow/db';
import { jobsChannel } from '@taskflow/jobs';

/** How many jobs of a type and priority are in a state, or ended in the last minute. */
export interface LoadRow {
  readonly type: string;
  readonly priority: JobPriority;
  readonly what: Exclude<JobState, 'canceled' | 'discarded'> | 'failed';
  readonly count: number;
  /** Of those that may run now. */
  readonly oldest: Date | null;
}

/** What waits, runs and has just ended. Reads what is live and what ended in the last minute, however long the history. */
export const readLoad = (executor: Executor): Promise<LoadRow[]> =>
  executor.query<LoadRow & Record<string, unknown>>(
    sql`
      with counted as (
        select type, priority, 'pending' as what, count(*) as count, min(run_at) as oldest
        from jobs where state = 'pending' group by 1, 2
        union all
        select type, priority, 'scheduled', count(*), null from jobs where state = 'scheduled' group by 1, 2
        union all
        select type, priority, 'retrying', count(*), null from jobs where state = 'retrying' group by 1, 2
        union all
        select type, priority, state::text, count(*), null
        from jobs where state in ('queued', 'running') group by 1, 2, 3
        union all
        select type, priority, 'quarantined', count(*), null from jobs where state = 'quarantined' group by 1, 2
        union all
        select type, priority, 'succeeded', count(*), null
        from jobs where finished_at > now() - interval '1 minute' and state = 'succeeded' group by 1, 2
        union all
        select j.type, j.priority, 'failed', count(*), null
        from job_attempts a join jobs j on j.id = a.job_id
        where a.finished_at > now() - interval '1 minute' and a.outcome in ('failed', 'lost') group by 1, 2
      )
      select c.type, coalesce(s.priority, c.priority) as priority, c.what, sum(c.count)::int as count,
        min(c.oldest) as oldest
      from counted c left join job_type_settings s on s.type = c.type
      group by 1, 2, 3
      order by 1, 2, 3`,
    { name: 'operations-load' },
  );

/** Workers that have a job or had one within the last minute; what a lease says was said at most 30 s before its end. */
export const readWorkers = (executor: Executor): Promise<Queues['workers']> =>
  executor.query<Queues['workers'][number]>(
    sql`
      select worker as name, (count(*) filter (where state = 'running'))::int as running,
        rfc3339(least(now(), max(seen_at))) as "lastSeenAt"
      from (
        select worker, state, greatest(started_at, lease_expires_at - interval '30 seconds') as seen_at
        from jobs where state = 'running'
        union all
        select worker, state, finished_at from jobs
        where finished_at > now() - interval '1 minute' and state = 'succeeded' and worker is not null
        union all
        select worker, null, finished_at from job_attempts where finished_at > now() - interval '1 minute'
      ) seen
      group by worker order by worker`,
    { name: 'operations-workers' },
  );

/** The time of the database, in which everything else is told. */
export const readTime = (executor: Executor): Promise<{ now: string }> =>
  one(executor, sql`select rfc3339(now()) as now`, { name: 'operations-now' });

/** What operators decided for types of jobs. */
export const readTypeSettings = (executor: Executor): Promise<JobTypeSettings[]> =>
  executor.query<JobTypeSettings>(
    sql`select type, rfc3339(paused_at) as "pausedAt", priority from job_type_settings order by type`,
    { name: 'operations-type-settings' },
  );

/** Whether there is, or was, a job of a type that this release does not have. */
export const isSeenType = async (executor: Executor, type: string): Promise<boolean> =>
  (await maybeOne(
    executor,
    sql`
      select 1 as seen where exists (select from job_type_settings where type = ${type})
        or exists (select from jobs where type = ${type} and state = 'pending')
        or exists (select from jobs where type = ${type} and state = 'quarantined')`,
  )) !== undefined;

/** Keeps a decision, and wakes the workers. @param changes what is left out stays as it is */
export async function writeTypeSettings(
  executor: Executor,
  type: string,
  changes: { readonly isPaused?: boolean | undefined; readonly priority?: JobPriority | null | undefined },
  actorId: string,
): Promise<JobTypeSettings> {
  const { isPaused = null, priority = null } = changes;
  const keepsPriority = changes.priority === undefined;
  return one<JobTypeSettings>(
    executor,
    sql`
      with written as (
        insert into job_type_settings as kept (type, paused_at, priority, updated_by)
        values (${type}, case when ${isPaused}::boolean then now() end, ${priority}::job_priority, ${actorId})
        on conflict (type) do update set
          paused_at = case ${isPaused}::boolean
            when true then coalesce(kept.paused_at, now()) when false then null else kept.paused_at end,
          priority = case when ${keepsPriority}::boolean then kept.priority else excluded.priority end,
          updated_by = excluded.updated_by, updated_at = now()
        returning type, paused_at, priority
      )
      select type, rfc3339(paused_at) as "pausedAt", priority, pg_notify(${jobsChannel}, '')::text as notified
      from written`,
  ).then(({ pausedAt, priority: kept }) => ({ type, pausedAt, priority: kept }));
}
