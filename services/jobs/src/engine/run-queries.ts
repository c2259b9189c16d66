import type { JobPriority, QuarantineReason } from '@taskflow/contract/jobs';
import { type Executor, type Sql, sql } from '@taskflow/db';
import type { JobResult } from '../job-handler.ts';
import type { FailedOutcome } from '../retry/outcome.ts';
import type { Delivery } from '../transport/transport.ts';

/** A delivery to be claimed, and the breaker that is in its way, if any. */
export interface Claim {
  readonly delivery: Delivery;
  readonly breakerKey: string | undefined;
}

/** A job that this worker runs now, or (`quarantined`) does not because a breaker is open. */
export interface ClaimedJob {
  readonly id: string;
  readonly state: 'running' | 'quarantined';
  readonly type: string;
  readonly scope: string;
  readonly priority: JobPriority;
  readonly payload: unknown;
  readonly attempt: number;
  readonly tries: number;
  /** Sent through the gate of a breaker to see whether the other side is back. */
  readonly isProbe: boolean;
  readonly workspaceId: string | null;
  readonly requestedBy: string | null;
  readonly taskId: string | null;
  readonly requestId: string | null;
  readonly traceParent: string | null;
  readonly createdAt: Date;
  readonly waitedMs: number;
}

/** Names one attempt; what is written about it is written only while it is the current one. */
export interface AttemptKey {
  readonly id: string;
  readonly attempt: number;
}

/** An attempt that went well. */
export interface Completion extends AttemptKey {
  readonly result: JobResult | undefined;
}

/** An attempt that did not. */
export interface Failed extends AttemptKey {
  readonly outcome: FailedOutcome;
}

/** What the row became. */
export interface FailedRow {
  readonly state: string;
  readonly reason: QuarantineReason | null;
}

/** Rows are always touched in this order, so that two statements never wait for each other. */
const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);

/**
 * What state a row is in, asked so that PostgreSQL does not take it for the condition of a partial index: rows named by
 * id are to be found by id, not by reading through all that are in that state.
 */
const isQueued = sql`j.state::text = 'queued'`;
const isRunning = sql`j.state::text = 'running'`;

/** A crash of PostgreSQL may forget these: then the job is run again, as it is when a worker is killed. */
export const lazyCommit = sql`set_config('synchronous_commit', 'off', true)`;

/** Claims deliveries: attempt and lease are written before a handler sees anything. Answers in the order asked. */
export async function claimJobs(
  executor: Executor,
  claims: readonly Claim[],
  options: { worker: string; leaseMs: number },
): Promise<(ClaimedJob | undefined)[]> {
  const sorted = claims
    .map(({ delivery, breakerKey }) => ({ id: delivery.jobId, dispatchNo: delivery.dispatchNo, breakerKey }))
    .toSorted(byId);
  const rows = await executor.query<ClaimedJob>(
    sql`
    update jobs j set
      state = case when d.breaker_key is null or j.is_probe then 'running' else 'quarantined' end::job_state,
      attempt = j.attempt + case when d.breaker_key is null or j.is_probe then 1 else 0 end,
      tries = j.tries + case when d.breaker_key is null or j.is_probe then 1 else 0 end,
      worker = ${options.worker},
      started_at = now(),
      lease_expires_at = now() + make_interval(secs => ${options.leaseMs / 1_000}),
      reason = case when d.breaker_key is null or j.is_probe then null else 'breaker'::quarantine_reason end,
      breaker_key = case when j.is_probe then null else d.breaker_key end
    from (select ${lazyCommit}) as commit,
      unnest(${sorted.map(({ id }) => id)}::uuid[], ${sorted.map(({ dispatchNo }) => dispatchNo)}::int[],
        ${sorted.map(({ breakerKey }) => breakerKey ?? null)}::text[]) as d (id, dispatch_no, breaker_key)
    where j.id = d.id and j.dispatch_no = d.dispatch_no and ${isQueued}
    returning j.id, j.state, j.type, j.scope, j.priority, j.payload, j.attempt, j.tries,
      j.is_probe as "isProbe", j.workspace_id as "workspaceId", j.requested_by as "requestedBy", j.task_id as "taskId",
      j.request_id as "requestId", j.trace_parent as "traceParent", j.created_at as "createdAt",
      (extract(epoch from now() - j.run_at) * 1000)::float8 as "waitedMs"`,
    { name: 'jobs-claim' },
  );
  // of two deliveries of one job, the first gets it
  const claimed = new Map(rows.map((row) => [row.id, row]));
  return claims.map(({ delivery }) => {
    const row = claimed.get(delivery.jobId);
    claimed.delete(delivery.jobId);
    return row;
  });
}

/** PostgreSQL stores neither NUL nor half of a character, and one such result would hold up the whole batch. */
function asStorableJson(result: JobResult | undefined): string | null {
  return result === undefined
    ? null
    : JSON.stringify(result, (_key, value: unknown) =>
        typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : value,
      );
}

/** Completes attempts. Answers, in the order asked, whether each was the current one. */
export async function completeJobs(executor: Executor, completions: readonly Completion[]): Promise<boolean[]> {
  const sorted = completions.toSorted(byId);
  const rows = await executor.query<{ id: string }>(
    sql`
    update jobs j set ${succeeded}, result = d.result
    from unnest(${sorted.map(({ id }) => id)}::uuid[], ${sorted.map(({ attempt }) => attempt)}::int[],
      ${sorted.map(({ result }) => asStorableJson(result))}::jsonb[])
      as d (id, attempt, result)
    where j.id = d.id and j.attempt = d.attempt and ${isRunning}
    returning j.id`,
    { name: 'jobs-complete' },
  );
  const ids = new Set(rows.map(({ id }) => id));
  return completions.map(({ id }) => ids.has(id));
}

const succeeded: Sql = sql`state = 'succeeded', finished_at = now(), is_probe = false, breaker_key = null,
  error_code = null, error_message = null, fingerprint = null`;

/** Completes one attempt as part of a transaction. @returns whether it was the current one */
export async function completeJobIn(executor: Executor, completion: Completion): Promise<boolean> {
  const result = asStorableJson(completion.result);
  const rows = await executor.query(
    sql`
    update jobs set ${succeeded}, result = ${result}::jsonb
    where id = ${completion.id} and attempt = ${completion.attempt} and state = 'running'
    returning id`,
    { name: 'jobs-complete-in' },
  );
  return rows.length === 1;
}

/** Records attempts that did not succeed. Answers, in the order asked, what became of each that was the current one. */
export async function failJobs(executor: Executor, failures: readonly Failed[]): Promise<(FailedRow | undefined)[]> {
  const sorted = failures.toSorted(byId);
  const outcomes = sorted.map(({ outcome }) => outcome);
  const rows = await executor.query<FailedRow & { id: string }>(
    sql`
    with failed as (
      select *
      from unnest(${sorted.map(({ id }) => id)}::uuid[], ${sorted.map(({ attempt }) => attempt)}::int[],
        ${outcomes.map(({ state }) => state)}::job_state[],
        ${outcomes.map(({ attemptOutcome }) => attemptOutcome)}::attempt_outcome[],
        ${outcomes.map(({ delayMs }) => delayMs / 1_000)}::float8[],
        ${outcomes.map(({ reason }) => reason ?? null)}::quarantine_reason[],
        ${outcomes.map(({ breakerKey }) => breakerKey ?? null)}::text[],
        ${outcomes.map(({ code }) => code ?? null)}::text[],
        ${outcomes.map(({ message }) => message ?? null)}::text[],
        ${outcomes.map(({ fingerprint }) => fingerprint ?? null)}::text[])
        as f (id, attempt, state, outcome, delay_secs, reason, breaker_key, code, message, fingerprint)
    ), changed as (
      update jobs j set
        state = case when j.cancel_requested_at is null then f.state else 'canceled' end,
        -- a try that was cut short by the worker's end does not count
        tries = j.tries - case when f.outcome = 'returned' then 1 else 0 end,
        run_at = case when f.state = 'retrying' then now() + make_interval(secs => f.delay_secs) else j.run_at end,
        finished_at = case when f.state = 'canceled' or j.cancel_requested_at is not null then now() end,
        reason = case when j.cancel_requested_at is null then f.reason end,
        breaker_key = f.breaker_key,
        error_code = coalesce(f.code, j.error_code),
        error_message = case when f.code is null then j.error_message else f.message end,
        fingerprint = case when f.code is null then j.fingerprint else f.fingerprint end,
        is_probe = false
      from failed f
      where j.id = f.id and j.attempt = f.attempt and ${isRunning}
      returning j.id, j.attempt, j.state, j.reason, j.worker, j.started_at,
        case when j.state = 'canceled' then 'canceled' else f.outcome end as outcome, f.code, f.message, f.fingerprint
    ), remembered as (
      insert into job_attempts (job_id, attempt, outcome, worker, started_at, error_code, error_message, fingerprint)
      select id, attempt, outcome, worker, started_at, code, message, fingerprint from changed
    )
    select id, state, reason from changed`,
    { name: 'jobs-fail' },
  );
  const changed = new Map(rows.map((row) => [row.id, row]));
  return failures.map(({ id }) => changed.get(id));
}

/** What a heart-beat learns about an attempt that is still the current one. */
export interface Beat {
  readonly id: string;
  readonly isCanceled: boolean;
  /** Whether its lease was extended: not while somebody has locked the row, as its own transaction does at its end. */
  readonly isRenewed: boolean;
}

/** Extends leases, waiting for nobody. An attempt that is not in the answer is no longer the current one. */
export async function beatJobs(
  executor: Executor,
  attempts: readonly (AttemptKey & { readonly progress: number | undefined })[],
  leaseMs: number,
): Promise<Beat[]> {
  const sorted = attempts.toSorted(byId);
  return executor.query<Beat>(
    sql`
    with asked as materialized (
      select d.id, d.attempt, d.progress
      from (select ${lazyCommit}) as commit,
        unnest(${sorted.map(({ id }) => id)}::uuid[], ${sorted.map(({ attempt }) => attempt)}::int[],
          ${sorted.map(({ progress }) => progress ?? null)}::real[]) as d (id, attempt, progress)
    ), held as materialized (
      select j.id, d.progress from asked d
      join jobs j on j.id = d.id and j.attempt = d.attempt and ${isRunning}
      for no key update of j skip locked
    ), renewed as (
      update jobs j set lease_expires_at = now() + make_interval(secs => ${leaseMs / 1_000}),
        progress = coalesce(h.progress, j.progress)
      from held h where j.id = h.id
      returning j.id
    )
    select j.id, j.cancel_requested_at is not null as "isCanceled", r.id is not null as "isRenewed"
    from asked d
    join jobs j on j.id = d.id and j.attempt = d.attempt and ${isRunning}
    left join renewed r on r.id = j.id`,
    { name: 'jobs-beat' },
  );
}

/** Gives back a delivery that this release cannot run; another one may, in a moment. */
export async function putBackJob(executor: Executor, delivery: Delivery): Promise<void> {
  await executor.query(
    sql`
    update jobs set state = 'retrying', run_at = now() + interval '1 s'
    where id = ${delivery.jobId} and dispatch_no = ${delivery.dispatchNo} and state = 'queued'
    returning id`,
    { name: 'jobs-put-back' },
  );
}
