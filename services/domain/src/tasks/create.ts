import type { CreateTaskBody } from '@taskflow/contract/tasks';
import { empty, type Sql, sql } from '@taskflow/db';
import type { ProjectAccess } from '../access/access.ts';
import { quotedIds } from '../core/json.ts';
import type { Cause } from '../activity/append.ts';
import { insertFanout } from '../activity/fanout.ts';
import { type IdempotentWrite, keepAnswer } from '../idempotency/idempotency.ts';
import { taskEtag, taskJson } from './json.ts';
import { assignableCount, labelCount, parentCount, statusOf } from './references.ts';

/** What the statement answers: the task, and the number of its activity. No row: something that it points at is missing. */
export type CreatedTask = { id: string; json: string; etag: string; number: number };

/**
 * Creates a task with its number, people, labels, activity, the job that follows and the kept answer: one statement,
 * so one round trip and one commit. The counters' locks are taken last and held for this statement only.
 */
export function createTask(
  access: ProjectAccess,
  ids: { readonly task: string; readonly job: string },
  body: CreateTaskBody,
  options: { readonly idempotency: IdempotentWrite | undefined; readonly cause: Cause },
): Sql {
  const { caller, workspace, project } = access;
  const { task: id } = ids;
  const { idempotency } = options;
  const { assigneeIds = [], labelIds = [], parentId = null } = body;
  const fanout = insertFanout({
    jobId: ids.job,
    workspaceId: workspace.id,
    cause: { ...options.cause, requestedBy: caller.userId, taskId: id },
    source: sql`activity_counter`,
    count: 1,
  });
  return sql`
    with status as (${statusOf(project.id, body.statusId ?? null)}),
    counter as (
      update task_counters set last_number = last_number + 1
      where project_id = ${project.id} and exists (select from status)
        and (${assignableCount(access, assigneeIds)}) = ${assigneeIds.length}
        and (${labelCount(access, labelIds)}) = ${labelIds.length}
        and (${parentId}::uuid is null or (${parentCount(access, parentId)}) = 1)
      returning last_number as number
    ),
    t as (
      insert into tasks (
        id, workspace_id, project_id, number, title, description, status_id, category, priority, start_at, due_at,
        estimate, parent_id, rank, created_by, completed_at
      )
      select ${id}::uuid, ${workspace.id}::uuid, ${project.id}::uuid, counter.number, ${body.title},
        ${body.description ?? ''}, status.id, status.category, ${body.priority ?? 'none'}::task_priority,
        ${body.startAt ?? null}::timestamptz, ${body.dueAt ?? null}::timestamptz, ${body.estimate ?? null}::numeric,
        ${parentId}::uuid, 'n' || lpad(to_hex(counter.number), 8, '0') || 'V', ${caller.userId}::uuid,
        case when status.category = 'completed' then now() end
      from counter, status
      returning *
    ),
    assigned as (
      insert into task_assignees (workspace_id, task_id, user_id)
      select t.workspace_id, t.id, u from t, unnest(${assigneeIds}::uuid[]) u
      returning user_id
    ),
    labelled as (
      insert into task_labels (workspace_id, task_id, label_id)
      select t.workspace_id, t.id, l from t, unnest(${labelIds}::uuid[]) l
      returning label_id
    ),
    activity_counter as (
      update activity_counters set last_number = last_number + 1
      where workspace_id = ${workspace.id} and exists (select from t)
      returning last_number as number
    ),
    recorded as (
      insert into activity (workspace_id, number, type, actor_id, project_id, task_id, subject, changes)
      select t.workspace_id, activity_counter.number, 'task.created', ${caller.userId}::uuid, t.project_id, t.id, t.title,
        ${JSON.stringify(assigneeIds.length === 0 ? {} : { assigneeIds: { to: assigneeIds } })}::jsonb
      from t, activity_counter
    ),
    fanout as (${fanout}),
    document as (
      select t.id, ${taskJson} as json, ${taskEtag} as etag
      from t, projects p, (
        select (select ${quotedIds(sql`user_id`)} from assigned) as assignees,
          (select ${quotedIds(sql`label_id`)} from labelled) as labels,
          0 as comments, 0 as subtasks, 0 as completed_subtasks
      ) n
      where p.id = t.project_id
    )
    ${idempotency === undefined ? empty : sql`, kept as (${keepAnswer(idempotency, keptReply)})`}
    select document.id, document.json, document.etag, activity_counter.number from document, activity_counter`;
}

const keptReply = sql`
  select 201::smallint as status, document.json as body,
    jsonb_build_object('etag', document.etag, 'location', '/tasks/' || document.id) as headers
  from document`;
