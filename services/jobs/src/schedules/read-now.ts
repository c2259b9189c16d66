import { type Executor, one, sql } from '@taskflow/db';

/** The time of PostgreSQL's clock, on which all workers agree. */
export async function readNow(executor: Executor): Promise<Date> {
  const { now } = await one<{ now: Date }>(executor, sql`select clock_timestamp() as now`, { name: 'schedules-now' });
  return now;
}
