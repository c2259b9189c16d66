import { type Executor, type Sql, sql } from '@taskflow/db';
import type { BreakerScope } from './breakers/breakers.ts';

/**
 * What has not started, said in the words of the partial indexes, so that the history is not read; locked in the order
 * in which the engine does, so that neither waits for the other in a circle.
 */
const notStarted = ({ type, scope }: BreakerScope): Sql => sql`
  select id from jobs
  where type = ${type} and scope = ${scope}
    and (state = 'pending' or state in ('scheduled', 'retrying') or state = 'queued' or state = 'quarantined')
  order by id
  for update`;

/**
 * Ends every job of a scope that has not started, for the reason that what they were for is gone. One that is running
 * finds out by itself.
 *
 * @returns how many there were
 */
export async function discardScope(executor: Executor, scope: BreakerScope, reason: string): Promise<number> {
  const rows = await executor.query(sql`
    with ended as materialized (${notStarted(scope)})
    update jobs j set state = 'discarded', discard_reason = ${reason}, finished_at = now(), reason = null
    from ended where j.id = ended.id
    returning j.id`);
  return rows.length;
}

/**
 * Sends the oldest job that waits for the breaker of a scope through its gate now, as a probe: its success closes the
 * breaker.
 *
 * @returns whether there was one
 */
export async function probeScope(executor: Executor, { type, scope }: BreakerScope): Promise<boolean> {
  const rows = await executor.query(sql`
    update jobs set state = 'pending', run_at = now(), is_probe = true, reason = null, breaker_key = null
    where id = (
      select id from jobs
      where type = ${type} and scope = ${scope} and state = 'quarantined' and reason = 'breaker'
      order by id limit 1
      for update skip locked
    )
    returning id`);
  return rows.length > 0;
}
