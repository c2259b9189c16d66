import type { ActivityType } from '@taskflow/contract/activity';
import { type Executor, type Sql, sql } from '@taskflow/db';
import type { JobOptions } from '@taskflow/jobs';
import { newId } from '../core/ids.ts';
import { insertFanout } from './fanout.ts';

/** What became different, by field. Long texts are named without their values. */
export type Changes = Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;

/** Something that happened, to be appended to the activity of its workspace. */
export interface ActivityEntry {
  readonly workspaceId: string;
  readonly type: ActivityType;
  readonly actorId: string;
  readonly projectId?: string;
  readonly taskId?: string;
  /** The comment, label, status, member or link that it is about. */
  readonly subjectId?: string;
  /** A name to read when the subject is gone. */
  readonly subject?: string;
  readonly changes?: Changes;
}

/** What caused a change: goes into the jobs that follow from it. */
export type Cause = Pick<JobOptions, 'requestId' | 'traceParent'>;

/** The newest activity of a workspace that a commit brought. */
export interface Committed {
  readonly workspaceId: string;
  readonly number: number;
}

/**
 * Numbers and inserts entries. It takes the row lock of the workspace's counter until the commit, so it must be the
 * last write of a transaction; that makes the order of numbers the order of commits. With the entries goes the job that
 * tells people and webhooks about them.
 */
export async function appendActivity(
  executor: Executor,
  entries: readonly ActivityEntry[],
  cause: Cause = {},
): Promise<Committed[]> {
  const byWorkspace = Map.groupBy(entries, (entry) => entry.workspaceId);
  const committed: Committed[] = [];
  for (const workspaceId of [...byWorkspace.keys()].toSorted()) {
    const group = byWorkspace.get(workspaceId) ?? [];
    const rows = await executor.query<{ number: number }>(append(workspaceId, group, cause), {
      name: 'activity-append',
    });
    committed.push({ workspaceId, number: rows[0]?.number ?? 0 });
  }
  return committed;
}

/** The one value that all have in common, if there is one. */
function common(values: readonly (string | undefined)[]): string | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

function append(workspaceId: string, entries: readonly ActivityEntry[], cause: Cause): Sql {
  const taskId = common(entries.map((entry) => entry.taskId));
  const requestedBy = common(entries.map((entry) => entry.actorId));
  const fanout = insertFanout({
    jobId: newId(),
    workspaceId,
    cause: { ...cause, ...(taskId && { taskId }), ...(requestedBy && { requestedBy }) },
    source: sql`(select last_number as number from counter) numbered`,
    count: entries.length,
  });
  const rows = JSON.stringify(
    entries.map((entry) => ({
      type: entry.type,
      actor_id: entry.actorId,
      project_id: entry.projectId,
      task_id: entry.taskId,
      subject_id: entry.subjectId,
      subject: entry.subject,
      changes: entry.changes ?? {},
    })),
  );
  return sql`
    with entries as (
      select row_number() over () as n, e.*
      from jsonb_to_recordset(${rows}::jsonb) as e (
        type text, actor_id uuid, project_id uuid, task_id uuid, subject_id uuid, subject text, changes jsonb
      )
    ), counter as (
      update activity_counters set last_number = last_number + ${entries.length}
      where workspace_id = ${workspaceId}
      returning last_number
    ), appended as (
      insert into activity (
        workspace_id, number, type, actor_id, project_id, task_id, subject_id, subject, changes
      )
      select ${workspaceId}, counter.last_number - ${entries.length} + e.n, e.type, e.actor_id, e.project_id,
        e.task_id, e.subject_id, e.subject, e.changes
      from entries e, counter
    ), fanout as (${fanout})
    select last_number as number from counter`;
}
