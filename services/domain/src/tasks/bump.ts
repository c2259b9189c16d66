import { type Executor, type Sql, sql } from '@taskflow/db';

/**
 * Locks the tasks `t` that meet a condition until the transaction ends, and answers their ids.
 *
 * Whoever changes many tasks at once takes these locks first and in this one order, before those of the status or the
 * label that the change is about: that is the order of a change of one task too, so that nobody waits in a circle.
 */
export async function lockTasks(executor: Executor, condition: Sql): Promise<string[]> {
  const rows = await executor.query<{ id: string }>(
    sql`select t.id from tasks t where ${condition} order by t.id for no key update of t`,
  );
  return rows.map(({ id }) => id);
}

/** So many tasks are changed by one statement: each has its deadline, and many tasks need several. */
const tasksAtATime = 5_000;

/** Does something with tasks, as many at a time as one statement can take, one after another. */
export async function inPortions<Result>(
  ids: readonly string[],
  work: (portion: readonly string[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < ids.length; first += tasksAtATime) {
    results.push(...(await work(ids.slice(first, first + tasksAtATime))));
  }
  return results;
}

/** Counts a change of tasks, because something that stands in their bodies changed. */
export async function bumpTasks(executor: Executor, ids: readonly string[]): Promise<void> {
  await inPortions(ids, (portion) =>
    executor.query(sql`
      update tasks t set version = t.version + 1, updated_at = now() where t.id = any(${portion}::uuid[])`),
  );
}
