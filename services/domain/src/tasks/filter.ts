import type { TaskFilter } from '@taskflow/contract/tasks';
import { join, type Sql, sql } from '@taskflow/db';
import { matchesText } from '../search/text-query.ts';

/** The filter's conditions on the row `t` of tasks, each to be met. @param me who `assignee=me` is */
export function taskConditions(filter: TaskFilter, me: Sql): Sql[] {
  const conditions = [
    filter.status && sql`t.status_id = any(${filter.status}::uuid[])`,
    filter.category && sql`t.category = any(${filter.category}::status_category[])`,
    filter.priority && sql`t.priority = any(${filter.priority}::task_priority[])`,
    filter.assignee && assignedTo(filter.assignee, me),
    filter.label && labelled(filter.label),
    filter.parent && (filter.parent === 'none' ? sql`t.parent_id is null` : sql`t.parent_id = ${filter.parent}::uuid`),
    filter.dueBefore && sql`coalesce(t.due_at, 'infinity') < ${filter.dueBefore}::timestamptz`,
    filter.dueAfter &&
      sql`(t.due_at is not null and coalesce(t.due_at, 'infinity') >= ${filter.dueAfter}::timestamptz)`,
    filter.overdue !== undefined && (filter.overdue ? isOverdue : sql`not (${isOverdue})`),
    filter.q && matchesText(filter.q),
  ];
  return conditions.filter((condition) => typeof condition === 'object');
}

const isOverdue = sql`
  coalesce(t.due_at, 'infinity') < now() and t.category not in ('completed', 'canceled')`;

function assignedTo(words: readonly string[], me: Sql): Sql {
  const people = words.filter((word) => word !== 'none' && word !== 'me');
  return anyOf(
    words.includes('me') && sql`exists (select from task_assignees a where a.task_id = t.id and a.user_id = ${me})`,
    people.length > 0 &&
      sql`exists (select from task_assignees a where a.task_id = t.id and a.user_id = any(${people}::uuid[]))`,
    words.includes('none') && sql`not exists (select from task_assignees a where a.task_id = t.id)`,
  );
}

function labelled(words: readonly string[]): Sql {
  const labels = words.filter((word) => word !== 'none');
  return anyOf(
    labels.length > 0 &&
      sql`exists (select from task_labels l where l.task_id = t.id and l.label_id = any(${labels}::uuid[]))`,
    words.includes('none') && sql`not exists (select from task_labels l where l.task_id = t.id)`,
  );
}

function anyOf(...alternatives: readonly (Sql | false)[]): Sql {
  return sql`(${join(
    alternatives.filter((alternative) => alternative !== false),
    ' or ',
  )})`;
}
