import { sql } from '@taskflow/db';

/** The one shape of a job in lists: JSON of `jobs j` left joined with its `workspaces w`. */
export const jobSummaryJson = sql`jsonb_build_object(
  'id', j.id,
  'type', j.type,
  'priority', j.priority,
  'state', j.state,
  'reason', j.reason,
  'scope', j.scope,
  'workspace', case when w.id is not null then jsonb_build_object('id', w.id, 'name', w.name) end,
  'attempt', j.attempt,
  'tries', j.tries,
  'errorCode', j.error_code,
  'errorMessage', j.error_message,
  'fingerprint', j.fingerprint,
  'breakerKey', j.breaker_key,
  'progress', j.progress,
  'createdAt', rfc3339(j.created_at),
  'runAt', rfc3339(j.run_at),
  'startedAt', rfc3339(j.started_at),
  'finishedAt', rfc3339(j.finished_at),
  'cancelRequestedAt', rfc3339(j.cancel_requested_at)
)`;

/** A job that succeeded at once has its attempt in its own row; so has one that runs. */
const attempts = sql`(
  select coalesce(jsonb_agg(jsonb_build_object(
    'attempt', a.attempt,
    'outcome', a.outcome,
    'worker', a.worker,
    'startedAt', rfc3339(a.started_at),
    'finishedAt', rfc3339(a.finished_at),
    'errorCode', a.error_code,
    'errorMessage', a.error_message
  ) order by a.attempt), '[]')
  from (
    (
      select attempt, outcome::text, worker, started_at, finished_at, error_code, error_message from job_attempts
      where job_id = j.id order by attempt desc limit 200
    )
    union all
    select j.attempt, case when j.state = 'succeeded' then 'succeeded' end, j.worker, j.started_at, j.finished_at,
      null, null
    where j.state in ('running', 'succeeded') and j.started_at is not null
      and not exists (select from job_attempts o where o.job_id = j.id and o.attempt = j.attempt)
  ) a
)`;

/** Everything about a job but its payload and result, which are redacted first; with its requester `u`. */
export const jobJson = sql`${jobSummaryJson} || jsonb_build_object(
  'attempts', ${attempts},
  'worker', j.worker,
  'isProbe', j.is_probe,
  'expiresAt', rfc3339(j.expires_at),
  'queuedAt', rfc3339(j.queued_at),
  'leaseExpiresAt', rfc3339(j.lease_expires_at),
  'discardReason', j.discard_reason,
  'uniqueKey', j.unique_key,
  'requestedBy', case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end,
  'taskId', j.task_id,
  'requestId', j.request_id,
  'traceId', nullif(split_part(j.trace_parent, '-', 2), '')
)`;

/** What the person who asked for a job sees of it. */
export const ownJobJson = sql`jsonb_build_object(
  'id', j.id,
  'type', j.type,
  'state', j.state,
  'reason', j.reason,
  'workspace', case when w.id is not null then jsonb_build_object('id', w.id, 'name', w.name) end,
  'errorCode', j.error_code,
  'progress', j.progress,
  'createdAt', rfc3339(j.created_at),
  'runAt', rfc3339(j.run_at),
  'startedAt', rfc3339(j.started_at),
  'finishedAt', rfc3339(j.finished_at)
)`;

/** Quarantined jobs that are alike, grouped as in `listQuarantine`. */
export const quarantineGroupJson = sql`json_build_object(
  'type', g.type,
  'reason', g.reason,
  'errorCode', g.error_code,
  'fingerprint', g.fingerprint,
  'breakerKey', g.breaker_key,
  'count', g.count,
  'oldestAt', rfc3339(g.oldest_at),
  'newestAt', rfc3339(g.newest_at),
  'jobId', o.id,
  'errorMessage', o.error_message
)`;
