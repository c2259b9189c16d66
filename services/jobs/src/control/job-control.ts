import { type Executor, one, type Sql, sql } from '@taskflow/db';
import { cancelChannel, jobsChannel } from '../job-notifier.ts';
import { type JobFilter, whereJobs } from './job-filter.ts';

/** What came of an operator's word. */
export interface ControlOutcome {
  readonly changed: number;
  /** Whether there may be more of them, since only so many are changed in one go. */
  readonly hasMore: boolean;
}

/** What came of a cancellation. */
export interface CancelOutcome extends ControlOutcome {
  /** Of those, how many run and were told to end. */
  readonly told: number;
}

/** Rows in one statement. */
const mostAtOnce = 500;

const nonFinal = sql`j.state in ('scheduled', 'pending', 'queued', 'running', 'retrying', 'quarantined')`;
const mayBeDiscarded = sql`j.state in ('scheduled', 'pending', 'retrying', 'quarantined')`;
const mayBeRetried = sql`j.state in ('scheduled', 'retrying', 'quarantined')`;

/** The same order as the engine's own, so that two statements never wait for each other. */
const chosen = (states: Sql, filter: JobFilter): Sql => sql`
  select j.id, j.state from jobs j where ${states} and ${whereJobs(filter)} order by j.id limit ${mostAtOnce} for update`;

const outcomeOf = (changed: number): ControlOutcome => ({ changed, hasMore: changed === mostAtOnce });

async function makePending(executor: Executor, states: Sql, filter: JobFilter): Promise<ControlOutcome> {
  const { count } = await one<{ count: number }>(
    executor,
    sql`
    with chosen as materialized (${chosen(states, filter)}), changed as (
      update jobs j set state = 'pending', run_at = now(), reason = null, breaker_key = null, is_probe = false,
        tries = case when c.state = 'quarantined' then 0 else j.tries end
      from chosen c where j.id = c.id
      returning 1
    )
    select count(*)::int as count, pg_notify(${jobsChannel}, '') from changed`,
  );
  return outcomeOf(count);
}

/**
 * Lets quarantined jobs run again, with all their tries. A job that is no longer quarantined is left alone, so that
 * saying it twice is the same as once.
 */
export function releaseJobs(executor: Executor, filter: JobFilter): Promise<ControlOutcome> {
  return makePending(executor, sql`j.state = 'quarantined'`, filter);
}

/** Lets jobs that wait for their time or their next attempt run now, and releases quarantined ones. */
export function retryJobs(executor: Executor, filter: JobFilter): Promise<ControlOutcome> {
  return makePending(executor, mayBeRetried, filter);
}

/** Ends jobs that wait, for good. What is with the transport or runs is left alone: cancel that. */
export async function discardJobs(
  executor: Executor,
  filter: JobFilter,
  discardReason = 'operator',
): Promise<ControlOutcome> {
  const { count } = await one<{ count: number }>(
    executor,
    sql`
    with chosen as materialized (${chosen(mayBeDiscarded, filter)}), changed as (
      update jobs j set state = 'discarded', discard_reason = ${discardReason}, finished_at = now(), reason = null,
        is_probe = false
      from chosen c where j.id = c.id
      returning 1
    )
    select count(*)::int as count from changed`,
  );
  return outcomeOf(count);
}

/**
 * Cancels jobs: those that wait end at once; those that run are told to, by NOTIFY and, should that get lost, by their
 * next heart-beat, and end when their handler does. A handler that succeeds all the same has succeeded.
 */
export async function cancelJobs(executor: Executor, filter: JobFilter): Promise<CancelOutcome> {
  const row = await one<{ count: number; told: number; notified: number }>(
    executor,
    sql`
    with chosen as materialized (${chosen(nonFinal, filter)}), changed as (
      update jobs j set
        state = case when c.state = 'running' then 'running' else 'canceled' end::job_state,
        finished_at = case when c.state = 'running' then null else now() end,
        cancel_requested_at = coalesce(j.cancel_requested_at, now()),
        reason = null,
        is_probe = j.is_probe and c.state = 'running'
      from chosen c where j.id = c.id
      returning j.id, j.state
    )
    select count(*)::int as count, (count(*) filter (where state = 'running'))::int as told,
      count(case when state = 'running' then pg_notify(${cancelChannel}, id::text) end)::int as notified
    from changed`,
  );
  return { ...outcomeOf(row.count), told: row.told };
}

/**
 * Repeats an action in batches that are committed one by one, until nothing is left to do or `most` jobs were changed.
 *
 * @param executor not a transaction, so that no lock is held longer than a batch takes
 */
export async function inBatches(
  act: (executor: Executor, filter: JobFilter) => Promise<ControlOutcome>,
  executor: Executor,
  filter: JobFilter,
  most: number,
): Promise<ControlOutcome> {
  let changed = 0;
  while (changed < most) {
    const outcome = await act(executor, filter);
    changed += outcome.changed;
    if (!outcome.hasMore) {
      return { changed, hasMore: false };
    }
  }
  return { changed, hasMore: true };
}
