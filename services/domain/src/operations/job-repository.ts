import { askableTypes } from '@taskflow/contract/exchange';
import type { JobState } from '@taskflow/contract/jobs';
import { type Executor, maybeOne, sql } from '@taskflow/db';
import { type JobFilter, whereJobs } from '@taskflow/jobs';
import type { IdPage } from '../core/id-page.ts';
import { jobJson, jobSummaryJson, ownJobJson, quarantineGroupJson } from './job-json.ts';

interface IdRow {
  readonly id: string;
  readonly json: string;
}
type Rows = Promise<(IdRow & Record<string, unknown>)[]>;

/** States that few jobs are in, each with an index of its own. */
const rareStates: readonly JobState[] = ['scheduled', 'queued', 'running', 'retrying', 'quarantined'];

/**
 * Jobs that a filter names, newest first. Those in a rare state are found by that state, not by walking through the
 * whole history in order: `offset 0` keeps the two apart.
 */
export function listJobs(executor: Executor, filter: JobFilter, { after, rowLimit }: IdPage): Rows {
  const isRare = filter.state !== undefined && rareStates.includes(filter.state);
  return executor.query(sql`
    select j.id, (${jobSummaryJson})::text as json
    from (
      select * from jobs j
      where ${whereJobs(filter)} and (${after}::uuid is null or j.id < ${after}::uuid)
      ${isRare ? sql`offset 0` : sql``}
    ) j left join workspaces w on w.id = j.workspace_id
    order by j.id desc limit ${rowLimit}`);
}

/** A job as it is stored; payload and result are not redacted. */
export interface StoredJob {
  readonly job: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
  readonly result: unknown;
}

/** One job with its attempts. */
export const readJob = (executor: Executor, id: string): Promise<StoredJob | undefined> =>
  maybeOne<{ job: Record<string, unknown>; payload: unknown; result: unknown }>(
    executor,
    sql`
      select ${jobJson} as job, j.payload, j.result
      from jobs j left join workspaces w on w.id = j.workspace_id left join users u on u.id = j.requested_by
      where j.id = ${id}`,
  );

/** Whether somebody asked for a job, and is in the workspace that it works for. */
export async function isAskedBy(executor: Executor, id: string, userId: string): Promise<boolean> {
  const row = await maybeOne<{ id: string }>(
    executor,
    sql`
      select j.id from jobs j
      join memberships m on m.workspace_id = j.workspace_id and m.user_id = j.requested_by
      join workspaces w on w.id = m.workspace_id and w.deleted_at is null
      where j.id = ${id} and j.requested_by = ${userId} and j.type = any(${[...askableTypes]}::text[])`,
  );
  return row !== undefined;
}

/** Groups of which the smallest are left out. */
const mostGroups = 500;

/**
 * Quarantined jobs in groups that are alike, largest first. Those that wait for a breaker are alike when it is the same
 * one: why they would fail themselves, nobody knows.
 */
export const listQuarantine = (executor: Executor): Promise<{ json: string }[]> =>
  executor.query(sql`
    with held as (
      select type, reason, id, created_at,
        case when reason = 'breaker' then breaker_key end as breaker_key,
        case when reason = 'breaker' then substring(breaker_key from '[^:]*$') else error_code end as error_code,
        case when reason <> 'breaker' then fingerprint end as fingerprint
      from jobs where state = 'quarantined'
    ), g as (
      select type, reason, breaker_key, error_code, fingerprint, count(*)::int as count,
        min(created_at) as oldest_at, max(created_at) as newest_at, (min(id::text))::uuid as oldest_id
      from held group by type, reason, breaker_key, error_code, fingerprint
      order by count desc, oldest_id limit ${mostGroups}
    )
    select (${quarantineGroupJson})::text as json
    from g join jobs o on o.id = g.oldest_id
    order by g.count desc, g.oldest_id`);

/** Jobs that somebody asked for, newest first. @param without types that nobody asks for */
export const listOwnJobs = (
  executor: Executor,
  userId: string,
  without: readonly string[],
  { after, rowLimit }: IdPage,
): Rows =>
  executor.query(sql`
    select j.id, (${ownJobJson})::text as json
    from jobs j left join workspaces w on w.id = j.workspace_id
    where j.requested_by = ${userId} and j.type <> all (${[...without]}::text[])
      and (${after}::uuid is null or j.id < ${after}::uuid)
    order by j.id desc limit ${rowLimit}`);

/** The id that a payload names; null for what is none. */
const named = (field: string) =>
  sql`case when j.payload->>${field} ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
    then (j.payload->>${field})::uuid end`;

/** What a task caused, newest first. @param kinds by type of job; other types are left out */
export const listEffects = (
  executor: Executor,
  taskId: string,
  kinds: ReadonlyMap<string, string>,
  { after, rowLimit }: IdPage,
): Rows =>
  executor.query(sql`
    select j.id, json_build_object(
      'id', j.id,
      'kind', k.kind,
      'about', coalesce(m.kind, d.event_type),
      'state', j.state,
      'createdAt', rfc3339(j.created_at),
      'finishedAt', rfc3339(j.finished_at)
    )::text as json
    from jobs j
    join unnest(${[...kinds.keys()]}::text[], ${[...kinds.values()]}::text[]) as k (type, kind) on k.type = j.type
    left join mails m on m.id = ${named('mailId')}
    left join webhook_deliveries d on d.id = ${named('deliveryId')}
    where j.task_id = ${taskId} and (${after}::uuid is null or j.id < ${after}::uuid)
    order by j.id desc limit ${rowLimit}`);
