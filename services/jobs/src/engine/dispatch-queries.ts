import type { JobPriority } from '@taskflow/contract/jobs';
import { type Executor, sql } from '@taskflow/db';
import type { Gate } from '../breakers/breakers.ts';
import type { Delivery } from '../transport/transport.ts';
import { lazyCommit } from './run-queries.ts';

/** A place in the order of a lane. Times are PostgreSQL's own text, so that nothing is rounded. */
export interface Position {
  readonly runAt: string;
  readonly id: string;
}

/** How many jobs to take from one lane of one type. */
export interface LaneRequest {
  readonly type: string;
  readonly lane: string;
  readonly priority: JobPriority;
  readonly limit: number;
  /** Nothing waits before it; what is more recent than half a second is looked at in any case. */
  readonly from: Position | undefined;
}

/** A job that left `pending`. */
export interface DispatchedRow extends Omit<Delivery, 'priority'> {
  readonly lane: string;
  readonly state: 'queued' | 'quarantined' | 'discarded';
  readonly runAt: string;
}

/** The oldest job that waits in a lane of a type. */
export interface LaneHead extends Position {
  readonly type: string;
  readonly lane: string;
  /** Milliseconds since 1970, by PostgreSQL's clock. */
  readonly runAtMs: number;
}

const beginningOfTime = '-infinity';
const nilId = '00000000-0000-0000-0000-000000000000';

/**
 * Takes jobs off the waiting list, oldest first in each lane: to the transport, or, when their time is over, to the
 * discarded ones, or, when a breaker is in their way, to the quarantined ones.
 *
 * Jobs that were taken leave dead entries at the head of the index, which PostgreSQL cannot remove while somebody holds
 * an old snapshot; `from` skips them. Because a transaction may commit late, the last half second is never skipped.
 */
export async function dispatchJobs(
  executor: Executor,
  requests: readonly LaneRequest[],
  options: { worker: string; gates: readonly Gate[] },
): Promise<DispatchedRow[]> {
  const { worker, gates } = options;
  return executor.query<DispatchedRow>(
    sql`
    with picked as materialized (
      select w.id, r.priority, w.expires_at <= now() as is_expired,
        case when not w.is_probe then g.breaker_key end as breaker_key
      from (select ${lazyCommit}) as commit
      cross join unnest(${requests.map(({ type }) => type)}::text[], ${requests.map(({ lane }) => lane)}::uuid[],
        ${requests.map(({ priority }) => priority)}::job_priority[], ${requests.map(({ limit }) => limit)}::int[],
        ${requests.map(({ from }) => from?.runAt ?? beginningOfTime)}::timestamptz[],
        ${requests.map(({ from }) => from?.id ?? nilId)}::uuid[]) as r (type, lane, priority, most, from_at, from_id)
      cross join lateral (
        select p.id, p.scope, p.is_probe, p.expires_at from jobs p
        where p.state = 'pending' and p.type = r.type and p.lane = r.lane
          and (p.run_at, p.id) >= (least(r.from_at, now() - interval '500 ms'),
            case when r.from_at <= now() - interval '500 ms' then r.from_id else ${nilId}::uuid end)
        order by p.run_at, p.id
        limit r.most
        for update skip locked
      ) w
      left join unnest(${gates.map(({ scopeKey }) => scopeKey)}::text[],
        ${gates.map(({ breakerKey }) => breakerKey)}::text[]) as g (scope_key, breaker_key)
        on g.scope_key = r.type || '@' || w.scope
    )
    update jobs j set
      state = case when p.is_expired then 'discarded' when p.breaker_key is not null then 'quarantined'
        else 'queued' end::job_state,
      priority = p.priority,
      dispatch_no = j.dispatch_no + 1,
      worker = ${worker},
      queued_at = now(),
      finished_at = case when p.is_expired then now() end,
      discard_reason = case when p.is_expired then 'expired' end,
      reason = case when p.breaker_key is not null and p.is_expired is not true then 'breaker'::quarantine_reason end,
      breaker_key = p.breaker_key
    from picked p
    where j.id = p.id
    returning j.id as "jobId", j.dispatch_no as "dispatchNo", j.type, j.scope, j.lane, j.state,
      j.run_at::text as "runAt"`,
    { name: 'jobs-dispatch' },
  );
}

/**
 * Finds lanes in which something waits, by leaping from one to the next in the index: as many steps as there are lanes,
 * however many jobs they hold.
 */
export async function surveyLanes(
  executor: Executor,
  types: readonly { readonly type: string; readonly fromLane: string | undefined }[],
  limit: number,
): Promise<LaneHead[]> {
  return executor.query<LaneHead>(
    sql`
    with recursive head as (
      (select t.type, h.lane, h.run_at, h.id
       from unnest(${types.map(({ type }) => type)}::text[], ${types.map(({ fromLane }) => fromLane ?? nilId)}::uuid[])
         as t (type, from_lane)
       cross join lateral (
         select p.lane, p.run_at, p.id from jobs p
         where p.state = 'pending' and p.type = t.type and p.lane >= t.from_lane
         order by p.lane, p.run_at, p.id
         limit 1
       ) h)
      union all
      (select head.type, h.lane, h.run_at, h.id
       from head
       cross join lateral (
         select p.lane, p.run_at, p.id from jobs p
         where p.state = 'pending' and p.type = head.type and p.lane > head.lane
         order by p.lane, p.run_at, p.id
         limit 1
       ) h)
    )
    select type, lane, run_at::text as "runAt", id, (extract(epoch from run_at) * 1000)::float8 as "runAtMs"
    from head limit ${limit}`,
    { name: 'jobs-survey' },
  );
}

/**
 * Makes due what was scheduled or waited for its next attempt. Of jobs that may have killed their worker only one goes
 * at a time, however late this is: they were told to go one after another.
 */
export async function promoteDueJobs(
  executor: Executor,
  limit: number,
): Promise<{ promoted: number; nextDueInMs: number | undefined }> {
  const [row] = await executor.query<{ promoted: number; nextDueInMs: number | null }>(
    sql`
    with due as materialized (
      select id from (select ${lazyCommit}) as commit cross join jobs
      where state in ('scheduled', 'retrying') and run_at <= now() and error_code is distinct from 'LOST'
      order by run_at
      limit ${limit}
      for update of jobs skip locked
    ), suspect as materialized (
      select id from jobs
      where state in ('scheduled', 'retrying') and run_at <= now() and error_code = 'LOST'
      order by run_at, id
      limit 1
      for update skip locked
    ), promoted as (
      update jobs j set state = 'pending', run_at = now()
      from (select id from due union all select id from suspect) p
      where j.id = p.id
      returning 1
    )
    select (select count(*) from promoted)::int as promoted,
      (select (extract(epoch from run_at - now()) * 1000)::float8 from jobs
       where state in ('scheduled', 'retrying') and run_at > now() order by run_at limit 1) as "nextDueInMs"`,
    { name: 'jobs-promote' },
  );
  return { promoted: row?.promoted ?? 0, nextDueInMs: row?.nextDueInMs ?? undefined };
}

/** How many jobs of a type are under way, with all workers. */
export async function countInFlight(executor: Executor, type: string): Promise<number> {
  const [row] = await executor.query<{ count: number }>(
    sql`select count(*)::int as count from jobs where state in ('queued', 'running') and type = ${type}`,
    { name: 'jobs-count-in-flight' },
  );
  return row?.count ?? 0;
}

/** Takes, until the transaction ends, the right to dispatch a type that has a limit. */
export async function tryLockType(executor: Executor, type: string): Promise<boolean> {
  const [row] = await executor.query<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('taskflow-job-type'), hashtext(${type})) as locked`,
    { name: 'jobs-lock-type' },
  );
  return row?.locked ?? false;
}

/** How many rows this worker dispatched that nobody has claimed yet, by priority. */
export async function countQueued(executor: Executor, worker: string): Promise<Record<JobPriority, number>> {
  const rows = await executor.query<{ priority: JobPriority; count: number }>(
    sql`select priority, count(*)::int as count from jobs where state = 'queued' and worker = ${worker} group by priority`,
    { name: 'jobs-count-queued' },
  );
  const counts = noneByPriority();
  for (const { priority, count } of rows) {
    counts[priority] = count;
  }
  return counts;
}

/** Lets others dispatch what this worker did and nobody has claimed, or is just claiming. @returns how many */
export async function returnQueued(executor: Executor, worker: string): Promise<number> {
  const rows = await executor.query(
    sql`
    with mine as materialized (
      select id from jobs where state = 'queued' and worker = ${worker} for no key update skip locked
    )
    update jobs j set state = 'pending' from mine where j.id = mine.id
    returning j.id`,
    { name: 'jobs-return-queued' },
  );
  return rows.length;
}

/** Takes back deliveries that may not have arrived; one that is just being claimed has. */
export async function returnDeliveries(executor: Executor, deliveries: readonly Delivery[]): Promise<void> {
  await executor.query(
    sql`
    with unclaimed as materialized (
      select j.id
      from unnest(${deliveries.map(({ jobId }) => jobId)}::uuid[],
        ${deliveries.map(({ dispatchNo }) => dispatchNo)}::int[]) as d (id, dispatch_no)
      join jobs j on j.id = d.id and j.dispatch_no = d.dispatch_no and j.state::text = 'queued'
      for no key update of j skip locked
    )
    update jobs j set state = 'pending' from unclaimed u where j.id = u.id
    returning j.id`,
    { name: 'jobs-return-deliveries' },
  );
}

/** What operators decided for a type. */
export interface TypeDecision {
  readonly type: string;
  readonly isPaused: boolean;
  readonly priority: JobPriority | null;
}

/** Reads what operators decided. */
export async function readTypeDecisions(executor: Executor): Promise<TypeDecision[]> {
  return executor.query<TypeDecision>(
    sql`select type, paused_at is not null as "isPaused", priority from job_type_settings`,
    { name: 'jobs-type-decisions' },
  );
}

/** An empty count of each priority. */
export const noneByPriority = (): Record<JobPriority, number> => ({ critical: 0, default: 0, bulk: 0 });
