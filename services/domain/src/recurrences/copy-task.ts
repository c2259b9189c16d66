import { type Executor, one, sql } from '@taskflow/db';

/** A task that was made after another. */
export type CopiedTask = { readonly id: string; readonly title: string; readonly assigneeIds: string[] };

/**
 * Makes a task anew with everything below it: texts, people, labels, estimates and priorities as they are, in the
 * first status of the project, its dates as far from each other as they were. The counter's lock is held until the end
 * of the transaction, so that numbers and ranks stay unique.
 *
 * @param options.byMs how much later the copies are due
 * @returns the copies, the task itself first
 */
export async function copyTaskTree(
  tx: Executor,
  options: {
    readonly taskId: string;
    readonly projectId: string;
    readonly dueAt: Date;
    readonly byMs: number;
    readonly createdBy: string;
    readonly newId: () => string;
  },
): Promise<CopiedTask[]> {
  const { taskId, projectId, dueAt, byMs, createdBy, newId } = options;
  const originals = await tx.query<{ id: string }>(sql`
    with recursive tree as (
      select id, 0 as depth, rank from tasks where id = ${taskId}
      union all
      select s.id, tree.depth + 1, s.rank from tasks s join tree on s.parent_id = tree.id where s.deleted_at is null
    )
    select id from tree order by depth, rank, id`);
  const { lastNumber } = await one<{ lastNumber: number }>(
    tx,
    sql`select last_number as "lastNumber" from task_counters where project_id = ${projectId} for update`,
  );
  const pairs = originals.map(({ id }, index) => ({ old_id: id, new_id: newId(), number: lastNumber + 1 + index }));
  return tx.query<CopiedTask>(sql`
    with pair as (
      select * from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as p (old_id uuid, new_id uuid, number int)
    ), counted as (
      update task_counters set last_number = last_number + ${pairs.length} where project_id = ${projectId}
    ), status as (
      select s.id, s.category from statuses s
      where s.project_id = ${projectId} and s.deleted_at is null order by s.position, s.id limit 1
    ), t as (
      insert into tasks (
        id, workspace_id, project_id, number, title, description, status_id, category, priority, start_at, due_at,
        estimate, parent_id, rank, created_by
      )
      select pair.new_id, o.workspace_id, o.project_id, pair.number, o.title, o.description, status.id,
        status.category, o.priority, o.start_at + make_interval(secs => ${byMs / 1_000}::float8),
        case when o.id = ${taskId} then ${dueAt}::timestamptz
          else o.due_at + make_interval(secs => ${byMs / 1_000}::float8) end,
        o.estimate, case when o.id = ${taskId} then o.parent_id else above.new_id end,
        'n' || lpad(to_hex(pair.number), 8, '0') || 'V', ${createdBy}::uuid
      from pair join tasks o on o.id = pair.old_id left join pair above on above.old_id = o.parent_id, status
      returning id, workspace_id, number, title
    ), assigned as (
      insert into task_assignees (workspace_id, task_id, user_id)
      select t.workspace_id, t.id, a.user_id
      from t join pair on pair.new_id = t.id join task_assignees a on a.task_id = pair.old_id
      returning task_id, user_id
    ), labelled as (
      insert into task_labels (workspace_id, task_id, label_id)
      select t.workspace_id, t.id, l.label_id
      from t join pair on pair.new_id = t.id join task_labels l on l.task_id = pair.old_id
    )
    select t.id, t.title, array(select a.user_id from assigned a where a.task_id = t.id order by 1) as "assigneeIds"
    from t order by t.number`);
}
