import type { JobPriority } from '@taskflow/contract/jobs';
import { type Executor, type Sql, sql } from '@taskflow/db';
import type { JobType } from './job-type.ts';
import { PayloadInvalidError } from './payload-invalid-error.ts';

/** What may be said about a job beside its type and payload. */
export interface JobOptions {
  /** The tenant that it works for. @default none: the instance itself */
  readonly workspaceId?: string;
  /** The person who asked for it. */
  readonly requestedBy?: string;
  /** The task whose change caused it. */
  readonly taskId?: string;
  readonly requestId?: string;
  /** W3C trace context of the request that caused it. */
  readonly traceParent?: string;
  /** Not before. @default at once */
  readonly runAt?: Date;
  /** A job that has not started until then is discarded. */
  readonly expiresAt?: Date;
  /** While a job of this type and key is not final, another one is not accepted. */
  readonly uniqueKey?: string;
}

/** A job to be inserted, its payload checked. */
export interface NewJob extends JobOptions {
  readonly id: string;
  readonly type: string;
  readonly priority: JobPriority;
  readonly scope: string;
  readonly payload: unknown;
}

/**
 * A job of a type, ready to be accepted.
 *
 * @throws PayloadInvalidError when the payload is not what its type says
 */
export function newJob<Payload>(
  id: string,
  type: JobType<Payload>,
  payload: Payload,
  options: JobOptions = {},
): NewJob {
  const parsed = type.payload.safeParse(payload);
  if (!parsed.success) {
    throw new PayloadInvalidError(type.name, parsed.error);
  }
  return {
    ...options,
    id,
    type: type.name,
    priority: type.priority,
    scope: type.scope?.(parsed.data) ?? '',
    payload: parsed.data,
  };
}

/**
 * Accepts jobs in the transaction of the change that causes them: they exist when it commits and not otherwise.
 * Whoever commits calls the notifier afterwards (see `createJobNotifier`), so that a worker looks at once.
 *
 * @returns ids of those accepted; a job whose unique key is taken is left out
 */
export async function acceptJobs(executor: Executor, jobs: readonly NewJob[]): Promise<string[]> {
  if (jobs.length === 0) {
    return [];
  }
  const rows = await executor.query<{ id: string }>(insertJobs(jobs), { name: 'jobs-accept' });
  return rows.map(({ id }) => id);
}

/** Inserts jobs; answers the `id` of each that was. For statements that do more than that. */
export function insertJobs(jobs: readonly NewJob[]): Sql {
  const rows = JSON.stringify(
    jobs.map((job) => ({
      id: job.id,
      type: job.type,
      priority: job.priority,
      workspace_id: job.workspaceId,
      scope: job.scope,
      payload: job.payload,
      run_at: job.runAt,
      expires_at: job.expiresAt,
      unique_key: job.uniqueKey,
      requested_by: job.requestedBy,
      task_id: job.taskId,
      request_id: job.requestId,
      trace_parent: job.traceParent,
    })),
  );
  return sql`
    insert into jobs (
      id, type, priority, workspace_id, scope, payload, state, run_at, expires_at, unique_key, requested_by, task_id,
      request_id, trace_parent
    )
    select j.id, j.type, j.priority, j.workspace_id, j.scope, j.payload,
      case when j.run_at > now() then 'scheduled' else 'pending' end::job_state, coalesce(j.run_at, now()),
      j.expires_at, j.unique_key, j.requested_by, j.task_id, j.request_id, j.trace_parent
    from jsonb_to_recordset(${rows}::jsonb) as j (
      id uuid, type text, priority job_priority, workspace_id uuid, scope text, payload jsonb, run_at timestamptz,
      expires_at timestamptz, unique_key text, requested_by uuid, task_id uuid, request_id text, trace_parent text
    )
    on conflict do nothing
    returning id`;
}

/**
 * Inserts one job whose payload the statement itself works out. For statements that also make the change that causes
 * it; the payload is checked when the job runs.
 *
 * @param from `payload` is an expression over `source`, which has one row, or none when there is nothing to do
 */
export function insertJob(
  job: Omit<NewJob, 'payload' | 'runAt' | 'expiresAt' | 'uniqueKey'>,
  from: { readonly payload: Sql; readonly source: Sql },
): Sql {
  return sql`
    insert into jobs (
      id, type, priority, workspace_id, scope, payload, state, requested_by, task_id, request_id, trace_parent
    )
    select ${job.id}::uuid, ${job.type}, ${job.priority}::job_priority, ${job.workspaceId ?? null}::uuid, ${job.scope},
      ${from.payload}, 'pending', ${job.requestedBy ?? null}::uuid, ${job.taskId ?? null}::uuid,
      ${job.requestId ?? null}, ${job.traceParent ?? null}
    from ${from.source}`;
}
