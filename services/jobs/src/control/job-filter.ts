import type { JobState, QuarantineReason } from '@taskflow/contract/jobs';
import { join, type Sql, sql } from '@taskflow/db';

/** Which jobs an operator means; every condition that is given must hold. */
export interface JobFilter {
  readonly ids?: readonly string[] | undefined;
  readonly type?: string | undefined;
  readonly scope?: string | undefined;
  readonly state?: JobState | undefined;
  readonly workspaceId?: string | undefined;
  readonly reason?: QuarantineReason | undefined;
  /** `null`: those without one. */
  readonly errorCode?: string | null | undefined;
  /** `null`: those without one. */
  readonly fingerprint?: string | null | undefined;
  readonly breakerKey?: string | undefined;
  /** Accepted before. */
  readonly createdBefore?: Date | undefined;
}

/** The condition on `jobs j`; true of all when the filter is empty. */
export function whereJobs(filter: JobFilter): Sql {
  const { ids, type, scope, state, workspaceId, reason, errorCode, fingerprint, breakerKey, createdBefore } = filter;
  const conditions = [
    ids !== undefined && sql`j.id = any (${[...ids]}::uuid[])`,
    type !== undefined && sql`j.type = ${type}`,
    scope !== undefined && sql`j.scope = ${scope}`,
    state !== undefined && sql`j.state = ${state}::job_state`,
    workspaceId !== undefined && sql`j.workspace_id = ${workspaceId}`,
    reason !== undefined && sql`j.reason = ${reason}::quarantine_reason`,
    errorCode !== undefined && (errorCode === null ? sql`j.error_code is null` : sql`j.error_code = ${errorCode}`),
    fingerprint !== undefined &&
      (fingerprint === null ? sql`j.fingerprint is null` : sql`j.fingerprint = ${fingerprint}`),
    breakerKey !== undefined && sql`j.breaker_key = ${breakerKey}`,
    createdBefore !== undefined && sql`j.created_at < ${createdBefore}`,
  ].filter((condition) => condition !== false);
  return conditions.length === 0 ? sql`true` : join(conditions, ' and ');
}
