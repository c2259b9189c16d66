import { type Sql, sql } from '@taskflow/db';
import { arrayOf, escaped, jsonObject, nested, plain, quoted, quotedIds } from '../core/json.ts';

/** What {@link taskJson} reads of `tasks t`. */
export const taskColumns = sql`t.id, t.project_id, t.number, t.description, t.fields`;

/**
 * The one shape of a task: JSON, as text, of `tasks t`, its project `p` and what is kept in other tables `n`: see
 * {@link besideTask}. What stands in the row itself was put together when it was written: `task_fields` in the
 * migrations.
 */
export const taskJson: Sql = jsonObject(
  {
    key: quoted(sql`p.key, '-', t.number`),
    description: escaped(sql`t.description`),
    assigneeIds: arrayOf(sql`n.assignees`),
    labelIds: arrayOf(sql`n.labels`),
    counts: nested({
      comments: plain(sql`n.comments`),
      subtasks: plain(sql`n.subtasks`),
      completedSubtasks: plain(sql`n.completed_subtasks`),
    }),
  },
  sql`t.fields`,
);

/** The ETag of task `t`: its version, and the counts, which change without one. */
export const taskEtag = sql`t.version || '-' || n.comments || '.' || n.subtasks || '.' || n.completed_subtasks`;

/** What other tables hold of task `t`, as `n`: people, labels and counts. */
export const besideTask = sql`
  cross join lateral (
    select
      (select ${quotedIds(sql`a.user_id`)} from task_assignees a where a.task_id = t.id) as assignees,
      (select ${quotedIds(sql`l.label_id`)} from task_labels l where l.task_id = t.id) as labels,
      (select count(*) from comments c where c.task_id = t.id and c.deleted_at is null) as comments,
      count(s.id) as subtasks,
      count(s.id) filter (where s.category = 'completed') as completed_subtasks
    from tasks s where s.parent_id = t.id and s.deleted_at is null
  ) n`;

const ofPage = sql`any(array(select id from page))`;

/** {@link besideTask} for all tasks `t` of a `page` at once: each index is walked through once, not once a task. */
export const besidePage = sql`
  left join (
    select a.task_id, ${quotedIds(sql`a.user_id`)} as ids
    from task_assignees a where a.task_id = ${ofPage} group by a.task_id
  ) assigned on assigned.task_id = t.id
  left join (
    select l.task_id, ${quotedIds(sql`l.label_id`)} as ids
    from task_labels l where l.task_id = ${ofPage} group by l.task_id
  ) labelled on labelled.task_id = t.id
  left join (
    select c.task_id, count(*) as comments
    from comments c where c.task_id = ${ofPage} and c.deleted_at is null group by c.task_id
  ) talk on talk.task_id = t.id
  left join (
    select s.parent_id, count(*) as subtasks, count(*) filter (where s.category = 'completed') as completed
    from tasks s where s.parent_id = ${ofPage} and s.deleted_at is null group by s.parent_id
  ) below on below.parent_id = t.id
  cross join lateral (
    select assigned.ids as assignees, labelled.ids as labels, coalesce(talk.comments, 0) as comments,
      coalesce(below.subtasks, 0) as subtasks, coalesce(below.completed, 0) as completed_subtasks
  ) n`;
