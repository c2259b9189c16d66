import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const notifications = `
create table notifications (
  id uuid primary key,
  user_id uuid not null references users (id),
  workspace_id uuid not null references workspaces (id),
  kind text not null,
  -- what the inbox puts together: the task, or the notification alone
  thread_id uuid not null,
  -- the activity that it tells of; null for reminders and invitations
  activity_number bigint,
  actor_id uuid references users (id),
  task_id uuid,
  comment_id uuid,
  status_id uuid references statuses (id),
  invitation_id uuid,
  -- the due date that a reminder is about
  due_at timestamptz(3),
  -- false: told by mail alone
  in_app boolean not null default true,
  -- waits for the next digest
  mail_pending boolean not null default false,
  at timestamptz(3) not null default now(),
  read_at timestamptz(3),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id) on delete cascade,
  foreign key (workspace_id, comment_id) references comments (workspace_id, id) on delete cascade,
  foreign key (invitation_id) references invitations (id) on delete cascade,
  check (kind in ('due_soon', 'overdue') or actor_id is not null),
  check ((kind = 'invited') = (task_id is null)),
  check (task_id is null or thread_id = task_id)
);
create index notifications_inbox on notifications (user_id, id desc) where in_app;
create index notifications_thread on notifications (user_id, thread_id, id desc) where in_app;
create index notifications_unread on notifications (user_id, thread_id) where in_app and read_at is null;
create index notifications_mail_pending on notifications (user_id, id) where mail_pending;
create index notifications_invitation on notifications (invitation_id) where invitation_id is not null;
-- one of an event, however often the fan-out runs
create unique index notifications_once on notifications (user_id, workspace_id, activity_number)
  where activity_number is not null;
-- one reminder of a kind for a due date
create unique index notifications_reminder_once on notifications (task_id, user_id, kind, due_at)
  where due_at is not null;

-- Who has to do with a task watches it; here stands what people decided themselves.
create table watchers (
  workspace_id uuid not null,
  task_id uuid not null,
  user_id uuid not null,
  is_watching boolean not null,
  decided_at timestamptz(3) not null default now(),
  primary key (task_id, user_id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id) references memberships (workspace_id, user_id) on delete cascade
);
create index watchers_member on watchers (workspace_id, user_id);

create table notification_preferences (
  user_id uuid primary key references users (id),
  -- by kind: in_app, mail, both or off; a kind that is missing follows the release
  channels jsonb not null default '{}',
  mail_delivery text not null default 'at_once' check (mail_delivery in ('at_once', 'daily', 'off')),
  quiet_from text,
  quiet_until text,
  time_zone text,
  version integer not null default 1,
  updated_at timestamptz(3) not null default now(),
  check ((quiet_from is null) = (quiet_until is null))
);
`;

/** What people are told, what they watch, and how they want to be told. */
export const notificationTables: Migration = {
  name: '0010-notifications',
  async up(knex: Knex): Promise<void> {
    await knex.raw(notifications);
  },
};
