import { type Executor, type Sql, sql } from '@taskflow/db';
import type { KeyedRow } from '../core/key-page.ts';
import { activityJson } from './json.ts';

/** Newest first. @param before the number at which the page begins, excluded */
export async function listActivity(
  executor: Executor,
  condition: Sql,
  page: { readonly before: number | undefined; readonly rowLimit: number },
): Promise<KeyedRow[]> {
  const { before, rowLimit } = page;
  return executor.query<{ id: string; key: string; json: string }>(
    sql`
      select a.workspace_id as id, a.number::text as key, ${activityJson}::text as json
      from activity a
      where ${condition} ${before === undefined ? sql`` : sql`and a.number < ${before}`}
      order by a.number desc
      limit ${rowLimit}`,
    { name: 'activity-list' },
  );
}
