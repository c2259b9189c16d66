import { type Executor, sql } from '@taskflow/db';
import type { BreakerScope } from './breakers/breakers.ts';

/**
 * Ends every job of a scope that has not started, for the reason that what they were for is gone. One that is running
 * finds out by itself.
 *
 * @returns how many there were
 */
export async function discardScope(executor: Executor, { type, scope }: BreakerScope, reason: string): Promise<number> {
  const rows = await executor.query(sql`
    update jobs set state = 'discarded', discard_reason = ${reason}, finished_at = now(), reason = null
    where type = ${type} and scope = ${scope}
      and state in ('scheduled', 'pending', 'queued', 'retrying', 'quarantined')
    returning id`);
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
