import type { JobState, QuarantineReason } from '@taskflow/contract/jobs';
import { join, type Sql, sql } from '@taskflow/db';

/** Which jobs an operator means; every condition that is given must hold. */
export interface JobFilter {
  readonly ids?: readonly string[];
  readonly type?: string;
  readonly scope?: string;
  readonly state?: JobState;
  readonly workspaceId?: string;
  readonly reason?: QuarantineReason;
  readonly errorCode?: string;
  readonly fingerprint?: string;
  readonly breakerKey?: string;
  /** Accepted before. */
  readonly createdBefore?: Date;
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
    errorCode !== undefined && sql`j.error_code = ${errorCode}`,
    fingerprint !== undefined && sql`j.fingerprint = ${fingerprint}`,
    breakerKey !== undefined && sql`j.breaker_key = ${breakerKey}`,
    createdBefore !== undefined && sql`j.created_at < ${createdBefore}`,
  ].filter((condition) => condition !== false);
  return conditions.length === 0 ? sql`true` : join(conditions, ' and ');
}
