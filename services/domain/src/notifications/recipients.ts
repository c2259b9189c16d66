import type { NotificationKind } from '@taskflow/contract/notifications';
import { type Executor, sql } from '@taskflow/db';
import { projectIsVisibleToMember } from '../access/visibility.ts';
import { watchersOf } from './watchers.ts';

/** Activity of a workspace, both ends included. */
export interface ActivityRange {
  readonly workspaceId: string;
  readonly fromNumber: number;
  readonly toNumber: number;
}

/** Somebody whom an activity concerns, with what there is to say about it. */
export type Concern = {
  readonly number: number;
  readonly userId: string;
  readonly kind: Extract<NotificationKind, 'assigned' | 'mentioned' | 'commented' | 'status_changed'>;
  readonly at: Date;
  readonly actorId: string;
  readonly actorName: string;
  readonly workspaceName: string;
  readonly slug: string;
  readonly taskId: string;
  readonly taskKey: string;
  readonly taskTitle: string;
  readonly commentId: string | null;
  readonly excerpt: string | null;
  readonly statusId: string | null;
  readonly statusName: string | null;
};

/**
 * Whom activity concerns: each person once for an event, for the strongest reason; never who did it, and nobody who
 * does not see the task now. In the order of what happened.
 */
export function findConcerned(executor: Executor, range: ActivityRange): Promise<Concern[]> {
  const { workspaceId, fromNumber, toNumber } = range;
  return executor.query<Concern>(
    sql`
      with event as materialized (
        select a.number, a.type, a.at, a.actor_id, a.task_id, a.changes,
          case when a.type like 'comment.%' then a.subject_id end as comment_id
        from activity a
        where a.workspace_id = ${workspaceId} and a.number between ${fromNumber} and ${toNumber}
          and a.task_id is not null and (
            a.type = 'comment.created' or a.type = 'comment.updated' and a.changes ? 'mentionIds'
            or a.type in ('task.created', 'task.updated') and a.changes ? 'assigneeIds'
            or a.type in ('task.updated', 'task.moved') and a.changes ? 'statusId'
          )
      ), concerned as (
        select e.number, 1 as place, 'assigned' as kind, named.id::uuid as user_id
        from event e, jsonb_array_elements_text(e.changes -> 'assigneeIds' -> 'to') named (id)
        where not coalesce(e.changes -> 'assigneeIds' -> 'from', '[]') ? named.id
        union all
        select e.number, 2, 'mentioned', named.id::uuid
        from event e, jsonb_array_elements_text(e.changes -> 'mentionIds' -> 'to') named (id)
        where not coalesce(e.changes -> 'mentionIds' -> 'from', '[]') ? named.id
        union all
        select e.number, 3, case when e.type = 'comment.created' then 'commented' else 'status_changed' end, w.user_id
        from event e cross join lateral (${watchersOf(sql`e.task_id`)}) w
        where e.type = 'comment.created' or e.changes ? 'statusId'
      ), strongest as (
        select distinct on (number, user_id) number, user_id, kind from concerned order by number, user_id, place
      )
      select s.number, s.user_id as "userId", s.kind, e.at, e.actor_id as "actorId", actor.name as "actorName",
        w.name as "workspaceName", w.slug, t.id as "taskId", p.key || '-' || t.number as "taskKey",
        t.title as "taskTitle", c.id as "commentId", left(c.body, 300) as excerpt, st.id as "statusId",
        st.name as "statusName"
      from strongest s
      join event e on e.number = s.number
      join users actor on actor.id = e.actor_id
      join workspaces w on w.id = ${workspaceId} and w.deleted_at is null
      join memberships m on m.workspace_id = w.id and m.user_id = s.user_id
      join tasks t on t.id = e.task_id and t.deleted_at is null
      join projects p on p.id = t.project_id and p.deleted_at is null
      left join comments c on c.id = e.comment_id and c.deleted_at is null
      left join statuses st on s.kind = 'status_changed' and st.id = (e.changes -> 'statusId' ->> 'to')::uuid
      where s.user_id <> e.actor_id and ${projectIsVisibleToMember} and (e.comment_id is null or c.id is not null)
      order by s.number, s.user_id`,
    { name: 'notification-concerned' },
  );
}
