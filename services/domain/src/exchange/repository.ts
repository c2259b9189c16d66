import { askableTypes } from '@taskflow/contract/exchange';
import { type Executor, maybeOne, one, type Sql, sql } from '@taskflow/db';
import type { IdPage } from '../core/id-page.ts';
import { filesJson } from '../files/file-service.ts';

const types: Sql = sql`${[...askableTypes]}::text[]`;

/** The one shape of a job that somebody asked for: JSON of `jobs j` with the project `p` that its payload names. */
const askedJobJson = sql`jsonb_build_object(
  'id', j.id,
  'type', j.type,
  'state', j.state,
  'reason', j.reason,
  'errorCode', j.error_code,
  'progress', j.progress,
  'project', case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end,
  'payload', j.payload,
  'result', j.result,
  'files', ${filesJson(sql`array[
    (j.result->>'zipId')::uuid, (j.result->>'csvId')::uuid, (j.result->>'htmlId')::uuid
  ]`)},
  'createdAt', rfc3339(j.created_at),
  'startedAt', rfc3339(j.started_at),
  'finishedAt', rfc3339(j.finished_at)
)`;

/** What somebody asked for in a workspace, newest first. */
export const listAsked = (
  executor: Executor,
  of: { readonly userId: string; readonly workspaceId: string; readonly type?: string; readonly projectId?: string },
  { after, rowLimit }: IdPage,
): Promise<{ id: string; json: string }[]> =>
  executor.query<{ id: string; json: string }>(
    sql`
      select j.id, (${askedJobJson})::text as json
      from jobs j
      left join projects p on p.id::text = j.payload->>'projectId' and p.workspace_id = j.workspace_id
      where j.requested_by = ${of.userId} and j.workspace_id = ${of.workspaceId} and j.type = any(${types})
        and (${of.type ?? null}::text is null or j.type = ${of.type ?? null})
        and (${of.projectId ?? null}::text is null or j.payload->>'projectId' = ${of.projectId ?? null})
        and (${after}::uuid is null or j.id < ${after}::uuid)
      order by j.id desc limit ${rowLimit}`,
    { name: 'asked-jobs' },
  );

/** One that somebody asked for. */
export const readAsked = async (executor: Executor, id: string): Promise<string> =>
  (
    await one<{ json: string }>(
      executor,
      sql`
        select (${askedJobJson})::text as json
        from jobs j
        left join projects p on p.id::text = j.payload->>'projectId' and p.workspace_id = j.workspace_id
        where j.id = ${id}`,
    )
  ).json;

/** A job with this key that has not ended, and that nobody else can make until the end of the transaction. */
export async function findLiveByKey(executor: Executor, type: string, uniqueKey: string): Promise<string | undefined> {
  await executor.query(sql`select pg_advisory_xact_lock(hashtextextended(${`${type} ${uniqueKey}`}, 0))`);
  const row = await maybeOne<{ id: string }>(
    executor,
    sql`
      select id from jobs
      where type = ${type} and unique_key = ${uniqueKey} and state not in ('succeeded', 'canceled', 'discarded')`,
  );
  return row?.id;
}

/** How many jobs somebody asked for since. @param sinceId made at that instant */
export async function countAsked(executor: Executor, userId: string, sinceId: string): Promise<number> {
  const { count } = await one<{ count: number }>(
    executor,
    sql`
      select count(*)::int as count from jobs
      where requested_by = ${userId} and id >= ${sinceId}::uuid and type = any(${types})`,
  );
  return count;
}
