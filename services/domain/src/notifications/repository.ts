import type { NotificationKind } from '@taskflow/contract/notifications';
import { type Executor, one, type Sql, sql } from '@taskflow/db';
import { projectIsVisibleToMember } from '../access/visibility.ts';
import type { IdPage } from '../core/id-page.ts';
import { inboxThreadJson } from './json.ts';

/** A notification to be. */
export interface NewNotification {
  readonly id: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly kind: NotificationKind;
  readonly activityNumber?: number;
  readonly actorId?: string;
  readonly taskId?: string;
  readonly commentId?: string | undefined;
  readonly statusId?: string | undefined;
  readonly invitationId?: string;
  readonly dueAt?: Date;
  readonly inApp: boolean;
  /** Waits for the next digest. */
  readonly mailPending: boolean;
  readonly at: Date;
}

/** Inserts notifications; answers the ids of those that nobody was given before. */
export async function insertNotifications(
  executor: Executor,
  notifications: readonly NewNotification[],
): Promise<ReadonlySet<string>> {
  const rows = JSON.stringify(
    notifications.map((notification) => ({
      id: notification.id,
      user_id: notification.userId,
      workspace_id: notification.workspaceId,
      kind: notification.kind,
      thread_id: notification.taskId ?? notification.id,
      activity_number: notification.activityNumber,
      actor_id: notification.actorId,
      task_id: notification.taskId,
      comment_id: notification.commentId,
      status_id: notification.statusId,
      invitation_id: notification.invitationId,
      due_at: notification.dueAt,
      in_app: notification.inApp,
      mail_pending: notification.mailPending,
      at: notification.at,
    })),
  );
  const inserted = await executor.query<{ id: string }>(
    sql`
      insert into notifications (
        id, user_id, workspace_id, kind, thread_id, activity_number, actor_id, task_id, comment_id, status_id,
        invitation_id, due_at, in_app, mail_pending, at
      )
      select n.id, n.user_id, n.workspace_id, n.kind, n.thread_id, n.activity_number, n.actor_id, n.task_id,
        n.comment_id, n.status_id, n.invitation_id, n.due_at, n.in_app, n.mail_pending, n.at
      from jsonb_to_recordset(${rows}::jsonb) as n (
        id uuid, user_id uuid, workspace_id uuid, kind text, thread_id uuid, activity_number bigint, actor_id uuid,
        task_id uuid, comment_id uuid, status_id uuid, invitation_id uuid, due_at timestamptz, in_app boolean,
        mail_pending boolean, at timestamptz
      )
      on conflict do nothing
      returning id`,
    { name: 'notification-insert' },
  );
  return new Set(inserted.map(({ id }) => id));
}

/** Whether the person of notification `n` sees now what it is about; an invitation, as long as it waits. */
const isVisible = sql`(
  exists (
    select from tasks t
    join projects p on p.id = t.project_id and p.deleted_at is null
    join workspaces w on w.id = t.workspace_id and w.deleted_at is null
    join memberships m on m.workspace_id = t.workspace_id and m.user_id = n.user_id
    where t.id = n.task_id and t.deleted_at is null and ${projectIsVisibleToMember}
  ) or exists (
    select from invitations i join workspaces w on w.id = i.workspace_id and w.deleted_at is null
    where i.id = n.invitation_id and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
  )
)`;

/** Notification `n` is in somebody's inbox. */
const isInInbox = (userId: string): Sql => sql`n.user_id = ${userId} and n.in_app`;

/** Threads of an inbox, by their newest notification; newest first. */
export function listThreads(
  executor: Executor,
  userId: string,
  page: Pick<IdPage, 'after' | 'rowLimit'> & { readonly isUnread: boolean },
): Promise<{ id: string; json: string }[]> {
  const { after, rowLimit, isUnread } = page;
  const isWanted = (row: Sql): Sql => (isUnread ? sql`and ${row}.read_at is null` : sql``);
  return executor.query<{ id: string; json: string }>(
    sql`
      with head as materialized (
        select n.id from notifications n
        where ${isInInbox(userId)} and (${after}::uuid is null or n.id < ${after}::uuid) ${isWanted(sql`n`)}
          and not exists (
            select from notifications newer
            where newer.user_id = n.user_id and newer.thread_id = n.thread_id and newer.in_app and newer.id > n.id
              ${isWanted(sql`newer`)}
          ) and ${isVisible}
        order by n.id desc limit ${rowLimit}
      )
      select n.id, ${inboxThreadJson}::text as json
      from head join notifications n on n.id = head.id
      order by n.id desc`,
    { name: isUnread ? 'inbox-unread' : 'inbox' },
  );
}

/** In how many threads of an inbox something is unread. @param most nobody counts further */
export async function countUnread(executor: Executor, userId: string, most: number): Promise<number> {
  const { unread } = await one<{ unread: number }>(
    executor,
    sql`
      select count(*)::int as unread from (
        select from notifications n
        where ${isInInbox(userId)} and n.read_at is null and ${isVisible}
        group by n.thread_id limit ${most}
      ) thread`,
    { name: 'inbox-count' },
  );
  return unread;
}

/** Marks notifications as read, and those before them in their threads. What is read needs no mail any more. */
export async function markRead(executor: Executor, userId: string, ids: readonly string[]): Promise<void> {
  await executor.query(
    sql`
      update notifications n set read_at = now(), mail_pending = false
      from (
        select thread_id, max(id::text)::uuid as last_id from notifications
        where user_id = ${userId} and id = any(${[...ids]}::uuid[]) group by thread_id
      ) seen
      where n.user_id = ${userId} and n.thread_id = seen.thread_id and n.id <= seen.last_id and n.read_at is null
        and n.in_app`,
    { name: 'inbox-read' },
  );
}

/** Marks everything as read. */
export async function markAllRead(executor: Executor, userId: string): Promise<void> {
  await executor.query(
    sql`
      update notifications n set read_at = now(), mail_pending = false
      where ${isInInbox(userId)} and n.read_at is null`,
    { name: 'inbox-read-all' },
  );
}

/** Something that waits for a digest. */
export type PendingNews = {
  readonly kind: NotificationKind;
  readonly actorName: string | null;
  readonly slug: string;
  readonly taskKey: string;
  readonly taskTitle: string;
};

/** People for whom something waits for a digest, by the time zone that they chose. */
export function findWaitingPeople(executor: Executor): Promise<{ userId: string; timeZone: string }[]> {
  return executor.query<{ userId: string; timeZone: string }>(sql`
    select waiting.user_id as "userId", coalesce(np.time_zone, 'UTC') as "timeZone"
    from (select distinct n.user_id from notifications n where n.mail_pending) waiting
    left join notification_preferences np on np.user_id = waiting.user_id
    order by waiting.user_id`);
}

/** Takes what waits for somebody's digest from before an id, unread and visible to them; it waits no more. */
export function takePending(executor: Executor, userId: string, beforeId: string): Promise<PendingNews[]> {
  return executor.query<PendingNews>(
    sql`
      with taken as (
        update notifications n set mail_pending = false
        where n.user_id = ${userId} and n.mail_pending and n.id < ${beforeId}::uuid
        returning n.*
      )
      select n.kind, actor.name as "actorName", w.slug, p.key || '-' || t.number as "taskKey", t.title as "taskTitle"
      from taken n
      join tasks t on t.id = n.task_id
      join projects p on p.id = t.project_id
      join workspaces w on w.id = t.workspace_id
      left join users actor on actor.id = n.actor_id
      where n.read_at is null and ${isVisible}
      order by n.id`,
    { name: 'digest-take' },
  );
}
