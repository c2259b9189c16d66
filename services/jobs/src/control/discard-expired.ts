import { type Executor, sql } from '@taskflow/db';

/**
 * Ends quarantined jobs whose time is over, oldest first: nobody looks at them while the breaker that they wait for
 * stays open. All others are found when they are dispatched.
 *
 * @returns how many; fewer than `most` when none is left
 */
export async function discardExpired(executor: Executor, most: number): Promise<number> {
  const rows = await executor.query(
    sql`
    with over as materialized (
      select id from jobs where state = 'quarantined' and expires_at <= now()
      order by id limit ${most}
      for update skip locked
    )
    update jobs j set state = 'discarded', discard_reason = 'expired', finished_at = now(), reason = null
    from over where j.id = over.id
    returning j.id`,
    { name: 'jobs-discard-expired' },
  );
  return rows.length;
}
