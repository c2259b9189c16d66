import { type Executor, one, raw, type Sql, sql } from '@taskflow/db';

/** How far a walk over a table has come. */
export interface WalkStep {
  /** The last row that was looked at, `null` at the end of the table. */
  readonly lastId: string | null;
  readonly deleted: number;
}

/** Below and above every id of a type. With them, a walk needs no condition that an index cannot answer. */
const ends = {
  uuid: { before: '00000000-0000-0000-0000-000000000000', after: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
  bigint: { before: '0', after: '9223372036854775807' },
} as const;

/** What to delete of a table. */
export interface Walk {
  readonly table:
    | 'sessions'
    | 'invitations'
    | 'account_links'
    | 'mails'
    | 'webhook_deliveries'
    | 'notifications'
    | 'jobs'
    | 'breaker_events';
  readonly idType: keyof typeof ends;
  /** Whether a row `t` may go. */
  readonly isOver: Sql;
  /** Rows from this id on are too young to be looked at. @default the walk goes to the end */
  readonly beforeId?: string;
  /** Rows of one statement. */
  readonly batchSize: number;
}

/**
 * Looks at the next rows of a table by primary key, and deletes those that are over. No statement is long, and none
 * looks at a row that an earlier one has seen, so the walk costs the same whatever stays.
 */
export function purgeNext(executor: Executor, walk: Walk, afterId: string | null): Promise<WalkStep> {
  const [table, idType] = [raw(walk.table), raw(walk.idType)];
  const { before, after } = ends[walk.idType];
  return one<{ lastId: string | null; deleted: number }>(
    executor,
    sql`
      with seen as (
        select id from ${table}
        where id > ${afterId ?? before}::${idType} and id < ${walk.beforeId ?? after}::${idType}
        order by id limit ${walk.batchSize}
      ), deleted as (
        delete from ${table} t using seen where t.id = seen.id and ${walk.isOver} returning 1
      )
      select case when count(*) = ${walk.batchSize} then (select id::text from seen order by id desc limit 1) end
          as "lastId",
        (select count(*) from deleted)::int as deleted
      from seen`,
    { name: `purge-${walk.table}` },
  );
}

/** Deletes the oldest idempotency keys that are over. @returns how many */
export async function purgeExpiredKeys(executor: Executor, batchSize: number): Promise<number> {
  const { deleted } = await one<{ deleted: number }>(
    executor,
    sql`
      with expired as (
        select user_id, method, path, key from idempotency_keys
        where expires_at <= now() order by expires_at limit ${batchSize} for update skip locked
      ), deleted as (
        delete from idempotency_keys using expired
        where idempotency_keys.user_id = expired.user_id and idempotency_keys.method = expired.method
          and idempotency_keys.path = expired.path and idempotency_keys.key = expired.key
        returning 1
      )
      select count(*)::int as deleted from deleted`,
    { name: 'purge-idempotency-keys' },
  );
  return deleted;
}
