import { sql } from '@taskflow/db';

/** The one shape of a notification: JSON of `notifications o`. */
const notificationJson = sql`json_build_object(
  'id', o.id,
  'kind', o.kind,
  'at', rfc3339(o.at),
  'readAt', rfc3339(o.read_at),
  'actor', (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = o.actor_id),
  'commentId', o.comment_id,
  'excerpt', (select left(c.body, 200) from comments c where c.id = o.comment_id and c.deleted_at is null),
  'statusName', (select s.name from statuses s where s.id = o.status_id),
  'dueAt', rfc3339(o.due_at)
)`;

/** What there is about one task, or one invitation: JSON of its newest notification `n`. */
export const inboxThreadJson = sql`(
  select json_build_object(
    'id', n.id,
    'workspace', (
      select json_build_object('id', w.id, 'slug', w.slug, 'name', w.name) from workspaces w where w.id = n.workspace_id
    ),
    'task', (
      select json_build_object(
        'id', t.id, 'key', p.key || '-' || t.number, 'title', t.title, 'projectId', p.id, 'category', t.category
      )
      from tasks t join projects p on p.id = t.project_id where t.id = n.task_id
    ),
    'count', count(*),
    'unreadCount', count(*) filter (where o.read_at is null),
    'latest', json_agg(${notificationJson} order by o.id desc) filter (where o.place <= 5)
  )
  from (
    select o.*, row_number() over (order by o.id desc) as place
    from notifications o where o.user_id = n.user_id and o.thread_id = n.thread_id and o.in_app
  ) o
)`;
