import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const types = `
create type workspace_role as enum ('owner', 'admin', 'member', 'guest');
create type project_role as enum ('lead', 'member', 'guest');
create type project_visibility as enum ('workspace', 'private');
create type status_category as enum ('backlog', 'unstarted', 'started', 'completed', 'canceled');
create type task_priority as enum ('none', 'low', 'medium', 'high', 'urgent');
create type task_link_type as enum ('blocks', 'relates', 'duplicates');

-- Instants on the wire: RFC 3339 in UTC with milliseconds. Not immutable, so that the planner can inline it.
create function rfc3339(timestamptz) returns text language sql stable parallel safe
  return to_char($1 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
`;

const people = `
create table users (
  id uuid primary key,
  email text unique,
  name text not null,
  password_hash text,
  is_operator boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  anonymised_at timestamptz(3),
  check (email = lower(email)),
  check (anonymised_at is null or (email is null and password_hash is null))
);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id),
  token_hash bytea not null unique,
  user_agent text not null,
  ip text not null,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3)
);
create index sessions_user on sessions (user_id) where revoked_at is null;

create table api_tokens (
  id uuid primary key,
  user_id uuid not null references users (id),
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null check (scopes <@ array['read', 'write', 'admin'] and cardinality(scopes) > 0),
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3),
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);
create index api_tokens_user on api_tokens (user_id) where revoked_at is null;
`;

const workspaces = `
create table workspaces (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3)
);

-- Every slug that ever led to a workspace, the current one included.
create table workspace_slugs (
  slug text primary key,
  workspace_id uuid not null references workspaces (id)
);

create table memberships (
  workspace_id uuid not null references workspaces (id),
  user_id uuid not null references users (id),
  role workspace_role not null,
  version integer not null default 1,
  joined_at timestamptz(3) not null default now(),
  primary key (workspace_id, user_id)
);
create index memberships_user on memberships (user_id, workspace_id);

create table invitations (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  email text not null,
  role workspace_role not null check (role <> 'owner'),
  project_ids uuid[] not null default '{}',
  token_hash bytea not null unique,
  invited_by uuid not null references users (id),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  accepted_by uuid references users (id),
  revoked_at timestamptz(3)
);
create index invitations_waiting on invitations (workspace_id, id) where accepted_at is null and revoked_at is null;

create table labels (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  name text not null,
  color text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  unique (workspace_id, id)
);
create unique index labels_name on labels (workspace_id, lower(name)) where deleted_at is null;
`;

const projects = `
-- Texts are lower-cased before they are indexed: the parser by itself does so only for the letters of the cluster's
-- LC_CTYPE, and that is plain ASCII on many.
create table projects (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  key text not null,
  name text not null,
  description text not null default '',
  color text not null,
  visibility project_visibility not null default 'workspace',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  search tsvector not null generated always as (
    setweight(to_tsvector('simple', lower(name)), 'A') || setweight(to_tsvector('simple', lower(description)), 'B')
  ) stored,
  unique (workspace_id, id),
  unique (workspace_id, key)
);
create index projects_search on projects using gin (search);

-- Every key that ever led to a project, the current one included.
create table project_keys (
  workspace_id uuid not null,
  key text not null,
  project_id uuid not null,
  primary key (workspace_id, key),
  foreign key (workspace_id, project_id) references projects (workspace_id, id)
);

-- The number of the project's last task. Apart from projects, so that a new task does not touch the project's row.
create table task_counters (
  project_id uuid primary key references projects (id),
  last_number integer not null default 0
);

create table project_members (
  workspace_id uuid not null,
  project_id uuid not null,
  user_id uuid not null,
  role project_role not null,
  added_at timestamptz(3) not null default now(),
  primary key (project_id, user_id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, user_id) references memberships (workspace_id, user_id)
);
create index project_members_user on project_members (user_id, workspace_id);

create table statuses (
  id uuid primary key,
  workspace_id uuid not null,
  project_id uuid not null,
  name text not null,
  category status_category not null,
  color text not null,
  position integer not null,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  unique (project_id, id)
);
create unique index statuses_name on statuses (project_id, lower(name)) where deleted_at is null;
`;

const tasks = `
-- category is that of the status, kept here so that filters need no join; whoever changes a status keeps it true.
create table tasks (
  id uuid primary key,
  workspace_id uuid not null,
  project_id uuid not null,
  number integer not null,
  title text not null,
  description text not null default '',
  status_id uuid not null,
  category status_category not null,
  priority task_priority not null default 'none',
  start_at timestamptz(3),
  due_at timestamptz(3),
  estimate numeric(8, 2),
  parent_id uuid,
  rank text collate "C" not null,
  version integer not null default 1,
  created_by uuid not null references users (id),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  completed_at timestamptz(3),
  deleted_at timestamptz(3),
  search tsvector not null generated always as (
    setweight(to_tsvector('simple', lower(title)), 'A') || setweight(to_tsvector('simple', lower(description)), 'B')
  ) stored,
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (project_id, status_id) references statuses (project_id, id),
  foreign key (workspace_id, parent_id) references tasks (workspace_id, id),
  unique (workspace_id, id),
  unique (project_id, number),
  check (parent_id <> id)
);

-- One index a sort, within a project and within a workspace. The id breaks ties, so every order is total. Tasks
-- without a due date come last both ways, hence an index for each direction of due_at.
create index tasks_project_rank on tasks (project_id, rank, id) where deleted_at is null;
create index tasks_project_due on tasks (project_id, coalesce(due_at, 'infinity'), id) where deleted_at is null;
create index tasks_project_due_desc on tasks (project_id, coalesce(due_at, '-infinity'), id) where deleted_at is null;
create index tasks_project_priority on tasks (project_id, priority, id) where deleted_at is null;
create index tasks_project_created on tasks (project_id, created_at, id) where deleted_at is null;
create index tasks_project_updated on tasks (project_id, updated_at, id) where deleted_at is null;
create index tasks_workspace_rank on tasks (workspace_id, rank, id) where deleted_at is null;
create index tasks_workspace_due on tasks (workspace_id, coalesce(due_at, 'infinity'), id) where deleted_at is null;
create index tasks_workspace_due_desc on tasks (workspace_id, coalesce(due_at, '-infinity'), id) where deleted_at is null;
create index tasks_workspace_priority on tasks (workspace_id, priority, id) where deleted_at is null;
create index tasks_workspace_created on tasks (workspace_id, created_at, id) where deleted_at is null;
create index tasks_workspace_updated on tasks (workspace_id, updated_at, id) where deleted_at is null;
create index tasks_status on tasks (status_id, rank, id) where deleted_at is null;
create index tasks_parent on tasks (parent_id) where parent_id is not null;
create index tasks_search on tasks using gin (search);

create table task_assignees (
  workspace_id uuid not null,
  task_id uuid not null,
  user_id uuid not null,
  primary key (task_id, user_id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id),
  foreign key (workspace_id, user_id) references memberships (workspace_id, user_id)
);
create index task_assignees_user on task_assignees (user_id, task_id);

create table task_labels (
  workspace_id uuid not null,
  task_id uuid not null,
  label_id uuid not null,
  primary key (task_id, label_id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id),
  foreign key (workspace_id, label_id) references labels (workspace_id, id)
);
create index task_labels_label on task_labels (label_id, task_id);

create table task_links (
  id uuid primary key,
  workspace_id uuid not null,
  type task_link_type not null,
  from_task_id uuid not null,
  to_task_id uuid not null,
  created_by uuid not null references users (id),
  created_at timestamptz(3) not null default now(),
  foreign key (workspace_id, from_task_id) references tasks (workspace_id, id),
  foreign key (workspace_id, to_task_id) references tasks (workspace_id, id),
  unique (from_task_id, to_task_id, type),
  check (from_task_id <> to_task_id)
);
create index task_links_to on task_links (to_task_id);
`;

const conversation = `
create table comments (
  id uuid primary key,
  workspace_id uuid not null,
  task_id uuid not null,
  author_id uuid not null references users (id),
  body text not null,
  mention_ids uuid[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  search tsvector not null generated always as (setweight(to_tsvector('simple', lower(body)), 'C')) stored,
  foreign key (workspace_id, task_id) references tasks (workspace_id, id),
  unique (workspace_id, id)
);
create index comments_task on comments (task_id, created_at, id) where deleted_at is null;
create index comments_search on comments using gin (search);

-- The number of the workspace's last activity. Whoever appends takes this row's lock as the last write of the
-- transaction, so the order of numbers is the order of commits, and a reader never sees a gap fill up later.
create table activity_counters (
  workspace_id uuid primary key references workspaces (id),
  last_number bigint not null default 0
);

create table activity (
  workspace_id uuid not null references workspaces (id),
  number bigint not null,
  type text not null,
  at timestamptz(3) not null default now(),
  actor_id uuid not null references users (id),
  project_id uuid,
  task_id uuid,
  subject_id uuid,
  subject text,
  changes jsonb not null default '{}',
  primary key (workspace_id, number),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id)
);
create index activity_project on activity (project_id, number) where project_id is not null;
create index activity_task on activity (task_id, number) where task_id is not null;
`;

const edge = `
create table idempotency_keys (
  user_id uuid not null references users (id),
  method text not null,
  path text not null,
  key text not null,
  body_hash bytea not null,
  status smallint not null,
  headers jsonb not null default '{}',
  body text,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  primary key (user_id, method, path, key)
);
create index idempotency_keys_expired on idempotency_keys (expires_at);
`;

/**
 * The product's first tables.
 *
 * What holds everywhere: ids come from the application (UUIDv7); every table of a tenant carries `workspace_id`, and
 * references inside a tenant are composite, so the database itself refuses a link across tenants; deleting sets
 * `deleted_at`; instants have milliseconds, so that a cursor survives a JavaScript date.
 */
export const initial: Migration = {
  name: '0001-initial',
  async up(knex: Knex): Promise<void> {
    for (const statements of [types, people, workspaces, projects, tasks, conversation, edge]) {
      await knex.raw(statements);
    }
  },
};
