-- Types

CREATE TYPE attempt_outcome AS ENUM ('succeeded', 'failed', 'lost', 'canceled', 'returned');
CREATE TYPE breaker_mode AS ENUM ('auto', 'open', 'closed', 'observe');
CREATE TYPE job_priority AS ENUM ('critical', 'default', 'bulk');
CREATE TYPE job_state AS ENUM ('scheduled', 'pending', 'queued', 'running', 'retrying', 'quarantined', 'succeeded', 'canceled', 'discarded');
CREATE TYPE mail_state AS ENUM ('queued', 'sent', 'failed', 'suppressed');
CREATE TYPE project_role AS ENUM ('lead', 'member', 'guest');
CREATE TYPE project_visibility AS ENUM ('workspace', 'private');
CREATE TYPE quarantine_reason AS ENUM ('exhausted', 'poison', 'payload_invalid', 'breaker');
CREATE TYPE status_category AS ENUM ('backlog', 'unstarted', 'started', 'completed', 'canceled');
CREATE TYPE task_link_type AS ENUM ('blocks', 'relates', 'duplicates');
CREATE TYPE task_priority AS ENUM ('none', 'low', 'medium', 'high', 'urgent');
CREATE TYPE workspace_role AS ENUM ('owner', 'admin', 'member', 'guest');

-- Functions

CREATE OR REPLACE FUNCTION public.rfc3339(timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN to_char(($1 AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text);
CREATE OR REPLACE FUNCTION public.task_fields(id uuid, workspace_id uuid, project_id uuid, number integer, title text, status_id uuid, category status_category, priority task_priority, parent_id uuid, start_at timestamp with time zone, due_at timestamp with time zone, estimate numeric, rank text, created_by uuid, created_at timestamp with time zone, updated_at timestamp with time zone, completed_at timestamp with time zone, version integer)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return concat(
    '"id":"', id, '","workspaceId":"', workspace_id, '","projectId":"', project_id, '","number":', number,
    ',"title":', to_json(title), ',"statusId":"', status_id, '","category":"', category, '","priority":"', priority,
    '","parentId":', coalesce('"' || parent_id || '"', 'null'),
    ',"startAt":', coalesce('"' || public.rfc3339(start_at) || '"', 'null'),
    ',"dueAt":', coalesce('"' || public.rfc3339(due_at) || '"', 'null'),
    ',"estimate":', coalesce(estimate::text, 'null'), ',"rank":"', rank, '","createdBy":"', created_by,
    '","createdAt":"', public.rfc3339(created_at), '","updatedAt":"', public.rfc3339(updated_at),
    '","completedAt":', coalesce('"' || public.rfc3339(completed_at) || '"', 'null'), ',"version":', version
  );
end
$function$;

-- Sequences

CREATE SEQUENCE breaker_events_id_seq AS bigint START 1 INCREMENT 1;
CREATE SEQUENCE schema_migrations_id_seq AS integer START 1 INCREMENT 1;
CREATE SEQUENCE schema_migrations_lock_index_seq AS integer START 1 INCREMENT 1;

-- Tables

CREATE TABLE account_links (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  purpose text NOT NULL,
  email text NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  used_at timestamp(3) with time zone
);
ALTER TABLE account_links ADD CONSTRAINT account_links_pkey PRIMARY KEY (id);
ALTER TABLE account_links ADD CONSTRAINT account_links_token_hash_key UNIQUE (token_hash);
ALTER TABLE account_links ADD CONSTRAINT account_links_purpose_check CHECK ((purpose = ANY (ARRAY['verify_email'::text, 'reset_password'::text])));
ALTER TABLE account_links ADD CONSTRAINT account_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
CREATE INDEX account_links_expired ON public.account_links USING btree (expires_at);
CREATE INDEX account_links_user ON public.account_links USING btree (user_id, purpose) WHERE (used_at IS NULL);

CREATE TABLE activity (
  workspace_id uuid NOT NULL,
  number bigint NOT NULL,
  type text NOT NULL,
  at timestamp(3) with time zone DEFAULT now() NOT NULL,
  actor_id uuid NOT NULL,
  project_id uuid,
  task_id uuid,
  subject_id uuid,
  subject text,
  changes jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE activity ADD CONSTRAINT activity_pkey PRIMARY KEY (workspace_id, number);
ALTER TABLE activity ADD CONSTRAINT activity_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users(id);
ALTER TABLE activity ADD CONSTRAINT activity_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
ALTER TABLE activity ADD CONSTRAINT activity_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES projects(workspace_id, id);
ALTER TABLE activity ADD CONSTRAINT activity_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id);
CREATE INDEX activity_project ON public.activity USING btree (project_id, number) WHERE (project_id IS NOT NULL);
CREATE INDEX activity_task ON public.activity USING btree (task_id, number) WHERE (task_id IS NOT NULL);

CREATE TABLE activity_counters (
  workspace_id uuid NOT NULL,
  last_number bigint DEFAULT 0 NOT NULL
);
ALTER TABLE activity_counters ADD CONSTRAINT activity_counters_pkey PRIMARY KEY (workspace_id);
ALTER TABLE activity_counters ADD CONSTRAINT activity_counters_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);

CREATE TABLE api_tokens (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  last_used_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone
);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_token_hash_key UNIQUE (token_hash);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_scopes_check CHECK (((scopes <@ ARRAY['read'::text, 'write'::text, 'admin'::text]) AND (cardinality(scopes) > 0)));
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
CREATE INDEX api_tokens_user ON public.api_tokens USING btree (user_id) WHERE (revoked_at IS NULL);

CREATE TABLE blob_chunks (
  blob_id uuid NOT NULL,
  "position" integer NOT NULL,
  data bytea NOT NULL
);
ALTER TABLE blob_chunks ADD CONSTRAINT blob_chunks_pkey PRIMARY KEY (blob_id, "position");
ALTER TABLE blob_chunks ADD CONSTRAINT blob_chunks_blob_id_fkey FOREIGN KEY (blob_id) REFERENCES blobs(id) ON DELETE CASCADE;

CREATE TABLE blobs (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  created_by uuid NOT NULL,
  file_name text NOT NULL,
  media_type text NOT NULL,
  store text NOT NULL,
  size_bytes bigint,
  sha256 bytea,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  stored_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone DEFAULT (now() + '1 day'::interval)
);
ALTER TABLE blobs ADD CONSTRAINT blobs_pkey PRIMARY KEY (id);
ALTER TABLE blobs ADD CONSTRAINT blobs_check CHECK (((stored_at IS NULL) = (size_bytes IS NULL)));
ALTER TABLE blobs ADD CONSTRAINT blobs_check1 CHECK (((stored_at IS NOT NULL) OR (expires_at IS NOT NULL)));
ALTER TABLE blobs ADD CONSTRAINT blobs_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id);
ALTER TABLE blobs ADD CONSTRAINT blobs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX blobs_expired ON public.blobs USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE TABLE breaker_events (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  key text NOT NULL,
  at timestamp(3) with time zone DEFAULT now() NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  cause text NOT NULL,
  failures integer DEFAULT 0 NOT NULL,
  cooldown_ms integer,
  actor_id uuid
);
ALTER TABLE breaker_events ADD CONSTRAINT breaker_events_pkey PRIMARY KEY (id);
ALTER TABLE breaker_events ADD CONSTRAINT breaker_events_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users(id);
CREATE INDEX breaker_events_at ON public.breaker_events USING btree (at);
CREATE INDEX breaker_events_key ON public.breaker_events USING btree (key, id);

CREATE TABLE breaker_modes (
  key text NOT NULL,
  mode breaker_mode NOT NULL,
  set_by uuid,
  set_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE breaker_modes ADD CONSTRAINT breaker_modes_pkey PRIMARY KEY (key);
ALTER TABLE breaker_modes ADD CONSTRAINT breaker_modes_set_by_fkey FOREIGN KEY (set_by) REFERENCES users(id);

CREATE TABLE comments (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  task_id uuid NOT NULL,
  author_id uuid NOT NULL,
  body text NOT NULL,
  mention_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  edited_at timestamp(3) with time zone,
  deleted_at timestamp(3) with time zone,
  search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple'::regconfig, lower(body)), 'C'::"char")) STORED NOT NULL
);
ALTER TABLE comments ADD CONSTRAINT comments_pkey PRIMARY KEY (id);
ALTER TABLE comments ADD CONSTRAINT comments_workspace_id_id_key UNIQUE (workspace_id, id);
ALTER TABLE comments ADD CONSTRAINT comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id);
ALTER TABLE comments ADD CONSTRAINT comments_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id);
CREATE INDEX comments_search ON public.comments USING gin (search);
CREATE INDEX comments_task ON public.comments USING btree (task_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  status smallint NOT NULL,
  headers jsonb DEFAULT '{}'::jsonb NOT NULL,
  body text,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL
);
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, method, path, key);
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
CREATE INDEX idempotency_keys_expired ON public.idempotency_keys USING btree (expires_at);

CREATE TABLE import_rows (
  job_id uuid NOT NULL,
  "position" integer NOT NULL,
  data jsonb NOT NULL
);
ALTER TABLE import_rows ADD CONSTRAINT import_rows_pkey PRIMARY KEY (job_id, "position");
ALTER TABLE import_rows ADD CONSTRAINT import_rows_job_id_fkey FOREIGN KEY (job_id) REFERENCES imports(job_id) ON DELETE CASCADE;

CREATE TABLE imports (
  job_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  staged integer DEFAULT 0 NOT NULL,
  is_staged boolean DEFAULT false NOT NULL,
  problems jsonb DEFAULT '[]'::jsonb NOT NULL,
  problem_count integer DEFAULT 0 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE imports ADD CONSTRAINT imports_pkey PRIMARY KEY (job_id);
ALTER TABLE imports ADD CONSTRAINT imports_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE;
ALTER TABLE imports ADD CONSTRAINT imports_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);

CREATE TABLE invitations (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  email text NOT NULL,
  role workspace_role NOT NULL,
  project_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  token_hash bytea NOT NULL,
  invited_by uuid NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  accepted_at timestamp(3) with time zone,
  accepted_by uuid,
  revoked_at timestamp(3) with time zone
);
ALTER TABLE invitations ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);
ALTER TABLE invitations ADD CONSTRAINT invitations_token_hash_key UNIQUE (token_hash);
ALTER TABLE invitations ADD CONSTRAINT invitations_role_check CHECK ((role <> 'owner'::workspace_role));
ALTER TABLE invitations ADD CONSTRAINT invitations_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES users(id);
ALTER TABLE invitations ADD CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id);
ALTER TABLE invitations ADD CONSTRAINT invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX invitations_waiting ON public.invitations USING btree (workspace_id, id) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

CREATE TABLE job_attempts (
  job_id uuid NOT NULL,
  attempt integer NOT NULL,
  outcome attempt_outcome NOT NULL,
  worker text NOT NULL,
  started_at timestamp(3) with time zone NOT NULL,
  finished_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  error_code text,
  error_message text,
  fingerprint text
);
ALTER TABLE job_attempts ADD CONSTRAINT job_attempts_pkey PRIMARY KEY (job_id, attempt);
ALTER TABLE job_attempts ADD CONSTRAINT job_attempts_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE;
CREATE INDEX job_attempts_finished ON public.job_attempts USING btree (finished_at);

CREATE TABLE job_type_settings (
  type text NOT NULL,
  paused_at timestamp(3) with time zone,
  priority job_priority,
  updated_by uuid,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE job_type_settings ADD CONSTRAINT job_type_settings_pkey PRIMARY KEY (type);
ALTER TABLE job_type_settings ADD CONSTRAINT job_type_settings_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES users(id);

CREATE TABLE jobs (
  id uuid NOT NULL,
  type text NOT NULL,
  priority job_priority NOT NULL,
  workspace_id uuid,
  lane uuid GENERATED ALWAYS AS (COALESCE(workspace_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED NOT NULL,
  scope text DEFAULT ''::text NOT NULL,
  payload jsonb NOT NULL,
  state job_state NOT NULL,
  run_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  expires_at timestamp(3) with time zone,
  unique_key text,
  requested_by uuid,
  task_id uuid,
  request_id text,
  trace_parent text,
  attempt integer DEFAULT 0 NOT NULL,
  tries integer DEFAULT 0 NOT NULL,
  dispatch_no integer DEFAULT 0 NOT NULL,
  is_probe boolean DEFAULT false NOT NULL,
  worker text,
  queued_at timestamp(3) with time zone,
  started_at timestamp(3) with time zone,
  lease_expires_at timestamp(3) with time zone,
  cancel_requested_at timestamp(3) with time zone,
  reason quarantine_reason,
  breaker_key text,
  error_code text,
  error_message text,
  fingerprint text,
  discard_reason text,
  progress real,
  result jsonb,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  finished_at timestamp(3) with time zone
);
ALTER TABLE jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE jobs ADD CONSTRAINT jobs_check CHECK (((state = 'quarantined'::job_state) = (reason IS NOT NULL)));
ALTER TABLE jobs ADD CONSTRAINT jobs_check1 CHECK (((state = ANY (ARRAY['succeeded'::job_state, 'canceled'::job_state, 'discarded'::job_state])) = (finished_at IS NOT NULL)));
ALTER TABLE jobs ADD CONSTRAINT jobs_check2 CHECK (((state <> 'running'::job_state) OR ((lease_expires_at IS NOT NULL) AND (worker IS NOT NULL))));
ALTER TABLE jobs ADD CONSTRAINT jobs_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users(id);
ALTER TABLE jobs ADD CONSTRAINT jobs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX jobs_exhausted ON public.jobs USING btree (type, scope, started_at) WHERE ((state = 'quarantined'::job_state) AND (reason = 'exhausted'::quarantine_reason) AND (breaker_key IS NOT NULL));
CREATE INDEX jobs_finished ON public.jobs USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX jobs_held ON public.jobs USING btree (type, scope, id) WHERE ((state = 'quarantined'::job_state) AND (reason = 'breaker'::quarantine_reason));
CREATE INDEX jobs_in_flight ON public.jobs USING btree (state, type) WHERE (state = ANY (ARRAY['queued'::job_state, 'running'::job_state]));
CREATE INDEX jobs_pending ON public.jobs USING btree (type, lane, run_at, id) WHERE (state = 'pending'::job_state);
CREATE INDEX jobs_probes ON public.jobs USING btree (type, scope) WHERE (is_probe AND (state = ANY (ARRAY['pending'::job_state, 'queued'::job_state, 'running'::job_state])));
CREATE INDEX jobs_quarantined ON public.jobs USING btree (type, scope, id) WHERE (state = 'quarantined'::job_state);
CREATE INDEX jobs_requested_by ON public.jobs USING btree (requested_by, id) WHERE (requested_by IS NOT NULL);
CREATE INDEX jobs_task ON public.jobs USING btree (task_id, id) WHERE (task_id IS NOT NULL);
CREATE UNIQUE INDEX jobs_unique_key ON public.jobs USING btree (type, unique_key) WHERE ((unique_key IS NOT NULL) AND (state <> ALL (ARRAY['succeeded'::job_state, 'canceled'::job_state, 'discarded'::job_state])));
CREATE INDEX jobs_waiting ON public.jobs USING btree (run_at) WHERE (state = ANY (ARRAY['scheduled'::job_state, 'retrying'::job_state]));
ALTER TABLE jobs SET (fillfactor=80, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_cost_delay=1, autovacuum_analyze_scale_factor=0.02);

CREATE TABLE labels (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  color text NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp(3) with time zone
);
ALTER TABLE labels ADD CONSTRAINT labels_pkey PRIMARY KEY (id);
ALTER TABLE labels ADD CONSTRAINT labels_workspace_id_id_key UNIQUE (workspace_id, id);
ALTER TABLE labels ADD CONSTRAINT labels_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE UNIQUE INDEX labels_name ON public.labels USING btree (workspace_id, lower(name)) WHERE (deleted_at IS NULL);

CREATE TABLE mail_subscriptions (
  user_id uuid NOT NULL,
  topic text NOT NULL,
  unsubscribe_token text NOT NULL,
  unsubscribed_at timestamp(3) with time zone
);
ALTER TABLE mail_subscriptions ADD CONSTRAINT mail_subscriptions_pkey PRIMARY KEY (user_id, topic);
ALTER TABLE mail_subscriptions ADD CONSTRAINT mail_subscriptions_unsubscribe_token_key UNIQUE (unsubscribe_token);
ALTER TABLE mail_subscriptions ADD CONSTRAINT mail_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

CREATE TABLE mails (
  id uuid NOT NULL,
  kind text NOT NULL,
  topic text,
  to_address text NOT NULL,
  to_name text,
  subject text NOT NULL,
  text text NOT NULL,
  html text NOT NULL,
  secret_link text,
  holds_secret boolean DEFAULT false NOT NULL,
  state mail_state NOT NULL,
  reason text,
  attempts integer DEFAULT 0 NOT NULL,
  error_code text,
  error_message text,
  message_key text NOT NULL,
  job_id uuid,
  user_id uuid,
  workspace_id uuid,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  sent_at timestamp(3) with time zone
);
ALTER TABLE mails ADD CONSTRAINT mails_pkey PRIMARY KEY (id);
ALTER TABLE mails ADD CONSTRAINT mails_check CHECK (((state <> 'suppressed'::mail_state) OR (reason IS NOT NULL)));
ALTER TABLE mails ADD CONSTRAINT mails_check1 CHECK (((state <> 'sent'::mail_state) OR ((sent_at IS NOT NULL) AND (secret_link IS NULL))));
ALTER TABLE mails ADD CONSTRAINT mails_check2 CHECK ((holds_secret OR (secret_link IS NULL)));
ALTER TABLE mails ADD CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
ALTER TABLE mails ADD CONSTRAINT mails_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX mails_state ON public.mails USING btree (state, id);
CREATE INDEX mails_user ON public.mails USING btree (user_id, id) WHERE (user_id IS NOT NULL);
CREATE INDEX mails_workspace ON public.mails USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE memberships (
  workspace_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role workspace_role NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  joined_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE memberships ADD CONSTRAINT memberships_pkey PRIMARY KEY (workspace_id, user_id);
ALTER TABLE memberships ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
ALTER TABLE memberships ADD CONSTRAINT memberships_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX memberships_user ON public.memberships USING btree (user_id, workspace_id);

CREATE TABLE notification_preferences (
  user_id uuid NOT NULL,
  channels jsonb DEFAULT '{}'::jsonb NOT NULL,
  mail_delivery text DEFAULT 'at_once'::text NOT NULL,
  quiet_from text,
  quiet_until text,
  time_zone text,
  version integer DEFAULT 1 NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE notification_preferences ADD CONSTRAINT notification_preferences_pkey PRIMARY KEY (user_id);
ALTER TABLE notification_preferences ADD CONSTRAINT notification_preferences_check CHECK (((quiet_from IS NULL) = (quiet_until IS NULL)));
ALTER TABLE notification_preferences ADD CONSTRAINT notification_preferences_mail_delivery_check CHECK ((mail_delivery = ANY (ARRAY['at_once'::text, 'daily'::text, 'off'::text])));
ALTER TABLE notification_preferences ADD CONSTRAINT notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

CREATE TABLE notifications (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  kind text NOT NULL,
  thread_id uuid NOT NULL,
  activity_number bigint,
  actor_id uuid,
  task_id uuid,
  comment_id uuid,
  status_id uuid,
  invitation_id uuid,
  due_at timestamp(3) with time zone,
  in_app boolean DEFAULT true NOT NULL,
  mail_pending boolean DEFAULT false NOT NULL,
  at timestamp(3) with time zone DEFAULT now() NOT NULL,
  read_at timestamp(3) with time zone
);
ALTER TABLE notifications ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);
ALTER TABLE notifications ADD CONSTRAINT notifications_check CHECK (((kind = ANY (ARRAY['due_soon'::text, 'overdue'::text])) OR (actor_id IS NOT NULL)));
ALTER TABLE notifications ADD CONSTRAINT notifications_check1 CHECK (((kind = 'invited'::text) = (task_id IS NULL)));
ALTER TABLE notifications ADD CONSTRAINT notifications_check2 CHECK (((task_id IS NULL) OR (thread_id = task_id)));
ALTER TABLE notifications ADD CONSTRAINT notifications_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users(id);
ALTER TABLE notifications ADD CONSTRAINT notifications_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES invitations(id) ON DELETE CASCADE;
ALTER TABLE notifications ADD CONSTRAINT notifications_status_id_fkey FOREIGN KEY (status_id) REFERENCES statuses(id);
ALTER TABLE notifications ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
ALTER TABLE notifications ADD CONSTRAINT notifications_workspace_id_comment_id_fkey FOREIGN KEY (workspace_id, comment_id) REFERENCES comments(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE notifications ADD CONSTRAINT notifications_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
ALTER TABLE notifications ADD CONSTRAINT notifications_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id) ON DELETE CASCADE;
CREATE INDEX notifications_inbox ON public.notifications USING btree (user_id, id DESC) WHERE in_app;
CREATE INDEX notifications_invitation ON public.notifications USING btree (invitation_id) WHERE (invitation_id IS NOT NULL);
CREATE INDEX notifications_mail_pending ON public.notifications USING btree (user_id, id) WHERE mail_pending;
CREATE UNIQUE INDEX notifications_once ON public.notifications USING btree (user_id, workspace_id, activity_number) WHERE (activity_number IS NOT NULL);
CREATE UNIQUE INDEX notifications_reminder_once ON public.notifications USING btree (task_id, user_id, kind, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX notifications_thread ON public.notifications USING btree (user_id, thread_id, id DESC) WHERE in_app;
CREATE INDEX notifications_unread ON public.notifications USING btree (user_id, thread_id) WHERE (in_app AND (read_at IS NULL));

CREATE TABLE project_keys (
  workspace_id uuid NOT NULL,
  key text NOT NULL,
  project_id uuid NOT NULL
);
ALTER TABLE project_keys ADD CONSTRAINT project_keys_pkey PRIMARY KEY (workspace_id, key);
ALTER TABLE project_keys ADD CONSTRAINT project_keys_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES projects(workspace_id, id);

CREATE TABLE project_members (
  workspace_id uuid NOT NULL,
  project_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role project_role NOT NULL,
  added_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE project_members ADD CONSTRAINT project_members_pkey PRIMARY KEY (project_id, user_id);
ALTER TABLE project_members ADD CONSTRAINT project_members_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES projects(workspace_id, id);
ALTER TABLE project_members ADD CONSTRAINT project_members_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id);
CREATE INDEX project_members_user ON public.project_members USING btree (user_id, workspace_id);

CREATE TABLE projects (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  color text NOT NULL,
  visibility project_visibility DEFAULT 'workspace'::project_visibility NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp(3) with time zone,
  search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('simple'::regconfig, lower(name)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, lower(description)), 'B'::"char"))) STORED NOT NULL
);
ALTER TABLE projects ADD CONSTRAINT projects_pkey PRIMARY KEY (id);
ALTER TABLE projects ADD CONSTRAINT projects_workspace_id_id_key UNIQUE (workspace_id, id);
ALTER TABLE projects ADD CONSTRAINT projects_workspace_id_key_key UNIQUE (workspace_id, key);
ALTER TABLE projects ADD CONSTRAINT projects_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX projects_search ON public.projects USING gin (search);

CREATE TABLE reminder_mornings (
  time_zone text NOT NULL,
  morning timestamp(3) with time zone NOT NULL
);
ALTER TABLE reminder_mornings ADD CONSTRAINT reminder_mornings_pkey PRIMARY KEY (time_zone);

CREATE TABLE schedules (
  id uuid NOT NULL,
  key text,
  workspace_id uuid,
  type text NOT NULL,
  payload jsonb NOT NULL,
  cron text NOT NULL,
  time_zone text NOT NULL,
  next_run_at timestamp(3) with time zone,
  last_run_at timestamp(3) with time zone,
  last_job_id uuid,
  paused_at timestamp(3) with time zone,
  created_by uuid,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE schedules ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);
ALTER TABLE schedules ADD CONSTRAINT schedules_key_key UNIQUE (key);
ALTER TABLE schedules ADD CONSTRAINT schedules_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id);
ALTER TABLE schedules ADD CONSTRAINT schedules_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX schedules_due ON public.schedules USING btree (next_run_at) WHERE (paused_at IS NULL);
CREATE INDEX schedules_workspace ON public.schedules USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE schema_migrations (
  id integer DEFAULT nextval('schema_migrations_id_seq'::regclass) NOT NULL,
  name character varying(255),
  batch integer,
  migration_time timestamp with time zone
);
ALTER TABLE schema_migrations ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (id);

CREATE TABLE schema_migrations_lock (
  index integer DEFAULT nextval('schema_migrations_lock_index_seq'::regclass) NOT NULL,
  is_locked integer
);
ALTER TABLE schema_migrations_lock ADD CONSTRAINT schema_migrations_lock_pkey PRIMARY KEY (index);

CREATE TABLE sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  user_agent text NOT NULL,
  ip text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  last_used_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone
);
ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE sessions ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);
ALTER TABLE sessions ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id) WHERE (revoked_at IS NULL);

CREATE TABLE statuses (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL,
  category status_category NOT NULL,
  color text NOT NULL,
  "position" integer NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp(3) with time zone
);
ALTER TABLE statuses ADD CONSTRAINT statuses_pkey PRIMARY KEY (id);
ALTER TABLE statuses ADD CONSTRAINT statuses_project_id_id_key UNIQUE (project_id, id);
ALTER TABLE statuses ADD CONSTRAINT statuses_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES projects(workspace_id, id);
CREATE UNIQUE INDEX statuses_name ON public.statuses USING btree (project_id, lower(name)) WHERE (deleted_at IS NULL);

CREATE TABLE task_assignees (
  workspace_id uuid NOT NULL,
  task_id uuid NOT NULL,
  user_id uuid NOT NULL
);
ALTER TABLE task_assignees ADD CONSTRAINT task_assignees_pkey PRIMARY KEY (task_id, user_id);
ALTER TABLE task_assignees ADD CONSTRAINT task_assignees_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id);
ALTER TABLE task_assignees ADD CONSTRAINT task_assignees_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id);
CREATE INDEX task_assignees_user ON public.task_assignees USING btree (user_id, task_id);

CREATE TABLE task_counters (
  project_id uuid NOT NULL,
  last_number integer DEFAULT 0 NOT NULL
);
ALTER TABLE task_counters ADD CONSTRAINT task_counters_pkey PRIMARY KEY (project_id);
ALTER TABLE task_counters ADD CONSTRAINT task_counters_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);

CREATE TABLE task_labels (
  workspace_id uuid NOT NULL,
  task_id uuid NOT NULL,
  label_id uuid NOT NULL
);
ALTER TABLE task_labels ADD CONSTRAINT task_labels_pkey PRIMARY KEY (task_id, label_id);
ALTER TABLE task_labels ADD CONSTRAINT task_labels_workspace_id_label_id_fkey FOREIGN KEY (workspace_id, label_id) REFERENCES labels(workspace_id, id);
ALTER TABLE task_labels ADD CONSTRAINT task_labels_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id);
CREATE INDEX task_labels_label ON public.task_labels USING btree (label_id, task_id);

CREATE TABLE task_links (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  type task_link_type NOT NULL,
  from_task_id uuid NOT NULL,
  to_task_id uuid NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE task_links ADD CONSTRAINT task_links_pkey PRIMARY KEY (id);
ALTER TABLE task_links ADD CONSTRAINT task_links_from_task_id_to_task_id_type_key UNIQUE (from_task_id, to_task_id, type);
ALTER TABLE task_links ADD CONSTRAINT task_links_check CHECK ((from_task_id <> to_task_id));
ALTER TABLE task_links ADD CONSTRAINT task_links_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id);
ALTER TABLE task_links ADD CONSTRAINT task_links_workspace_id_from_task_id_fkey FOREIGN KEY (workspace_id, from_task_id) REFERENCES tasks(workspace_id, id);
ALTER TABLE task_links ADD CONSTRAINT task_links_workspace_id_to_task_id_fkey FOREIGN KEY (workspace_id, to_task_id) REFERENCES tasks(workspace_id, id);
CREATE INDEX task_links_to ON public.task_links USING btree (to_task_id);

CREATE TABLE task_recurrences (
  task_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  rule text NOT NULL,
  mode text NOT NULL,
  time_zone text NOT NULL,
  starts_at timestamp(3) with time zone NOT NULL,
  set_by uuid NOT NULL,
  next_task_id uuid,
  ended_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE task_recurrences ADD CONSTRAINT task_recurrences_pkey PRIMARY KEY (task_id);
ALTER TABLE task_recurrences ADD CONSTRAINT task_recurrences_next_task_id_key UNIQUE (next_task_id);
ALTER TABLE task_recurrences ADD CONSTRAINT task_recurrences_mode_check CHECK ((mode = ANY (ARRAY['completion'::text, 'schedule'::text])));
ALTER TABLE task_recurrences ADD CONSTRAINT task_recurrences_set_by_fkey FOREIGN KEY (set_by) REFERENCES users(id);
ALTER TABLE task_recurrences ADD CONSTRAINT task_recurrences_workspace_id_next_task_id_fkey FOREIGN KEY (workspace_id, next_task_id) REFERENCES tasks(workspace_id, id);
ALTER TABLE task_recurrences ADD CONSTRAINT task_recurrences_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id) ON DELETE CASCADE;
CREATE INDEX task_recurrences_live ON public.task_recurrences USING btree (task_id) WHERE ((next_task_id IS NULL) AND (ended_at IS NULL));

CREATE TABLE tasks (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  project_id uuid NOT NULL,
  number integer NOT NULL,
  title text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  status_id uuid NOT NULL,
  category status_category NOT NULL,
  priority task_priority DEFAULT 'none'::task_priority NOT NULL,
  start_at timestamp(3) with time zone,
  due_at timestamp(3) with time zone,
  estimate numeric(8,2),
  parent_id uuid,
  rank text NOT NULL COLLATE "C",
  version integer DEFAULT 1 NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  completed_at timestamp(3) with time zone,
  deleted_at timestamp(3) with time zone,
  search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('simple'::regconfig, lower(title)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, lower(description)), 'B'::"char"))) STORED NOT NULL,
  fields text GENERATED ALWAYS AS (task_fields(id, workspace_id, project_id, number, title, status_id, category, priority, parent_id, start_at, due_at, estimate, rank, created_by, created_at, updated_at, completed_at, version)) STORED NOT NULL
);
ALTER TABLE tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);
ALTER TABLE tasks ADD CONSTRAINT tasks_project_id_number_key UNIQUE (project_id, number);
ALTER TABLE tasks ADD CONSTRAINT tasks_workspace_id_id_key UNIQUE (workspace_id, id);
ALTER TABLE tasks ADD CONSTRAINT tasks_check CHECK ((parent_id <> id));
ALTER TABLE tasks ADD CONSTRAINT tasks_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id);
ALTER TABLE tasks ADD CONSTRAINT tasks_project_id_status_id_fkey FOREIGN KEY (project_id, status_id) REFERENCES statuses(project_id, id);
ALTER TABLE tasks ADD CONSTRAINT tasks_workspace_id_parent_id_fkey FOREIGN KEY (workspace_id, parent_id) REFERENCES tasks(workspace_id, id);
ALTER TABLE tasks ADD CONSTRAINT tasks_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES projects(workspace_id, id);
CREATE INDEX tasks_parent ON public.tasks USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX tasks_project_created ON public.tasks USING btree (project_id, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_project_due ON public.tasks USING btree (project_id, COALESCE(due_at, 'infinity'::timestamp with time zone), id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_project_due_desc ON public.tasks USING btree (project_id, COALESCE(due_at, '-infinity'::timestamp with time zone), id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_project_priority ON public.tasks USING btree (project_id, priority, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_project_rank ON public.tasks USING btree (project_id, rank, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_project_updated ON public.tasks USING btree (project_id, updated_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_search ON public.tasks USING gin (search);
CREATE INDEX tasks_status ON public.tasks USING btree (status_id, rank, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_workspace_created ON public.tasks USING btree (workspace_id, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_workspace_due ON public.tasks USING btree (workspace_id, COALESCE(due_at, 'infinity'::timestamp with time zone), id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_workspace_due_desc ON public.tasks USING btree (workspace_id, COALESCE(due_at, '-infinity'::timestamp with time zone), id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_workspace_priority ON public.tasks USING btree (workspace_id, priority, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_workspace_rank ON public.tasks USING btree (workspace_id, rank, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_workspace_updated ON public.tasks USING btree (workspace_id, updated_at, id) WHERE (deleted_at IS NULL);

CREATE TABLE users (
  id uuid NOT NULL,
  email text,
  name text NOT NULL,
  password_hash text,
  is_operator boolean DEFAULT false NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  anonymised_at timestamp(3) with time zone,
  email_verified_at timestamp(3) with time zone
);
ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE users ADD CONSTRAINT users_check CHECK (((anonymised_at IS NULL) OR ((email IS NULL) AND (password_hash IS NULL))));
ALTER TABLE users ADD CONSTRAINT users_email_check CHECK ((email = lower(email)));

CREATE TABLE watchers (
  workspace_id uuid NOT NULL,
  task_id uuid NOT NULL,
  user_id uuid NOT NULL,
  is_watching boolean NOT NULL,
  decided_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE watchers ADD CONSTRAINT watchers_pkey PRIMARY KEY (task_id, user_id);
ALTER TABLE watchers ADD CONSTRAINT watchers_workspace_id_task_id_fkey FOREIGN KEY (workspace_id, task_id) REFERENCES tasks(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE watchers ADD CONSTRAINT watchers_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE INDEX watchers_member ON public.watchers USING btree (workspace_id, user_id);

CREATE TABLE webhook_deliveries (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  event_type text NOT NULL,
  activity_number bigint,
  message_id text NOT NULL,
  is_redelivery boolean DEFAULT false NOT NULL,
  request_body text NOT NULL,
  job_id uuid,
  attempts integer DEFAULT 0 NOT NULL,
  response_status smallint,
  response_body text,
  error_code text,
  duration_ms real,
  last_attempt_at timestamp(3) with time zone,
  delivered_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id);
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_workspace_id_webhook_id_fkey FOREIGN KEY (workspace_id, webhook_id) REFERENCES webhooks(workspace_id, id);
CREATE UNIQUE INDEX webhook_deliveries_once ON public.webhook_deliveries USING btree (webhook_id, activity_number) WHERE ((activity_number IS NOT NULL) AND (NOT is_redelivery));
CREATE INDEX webhook_deliveries_webhook ON public.webhook_deliveries USING btree (webhook_id, id);

CREATE TABLE webhooks (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  url text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  event_types text[] DEFAULT '{}'::text[] NOT NULL,
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamp(3) with time zone,
  is_active boolean DEFAULT true NOT NULL,
  created_by uuid NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp(3) with time zone
);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_workspace_id_id_key UNIQUE (workspace_id, id);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);
CREATE INDEX webhooks_workspace ON public.webhooks USING btree (workspace_id, id) WHERE (deleted_at IS NULL);

CREATE TABLE workspace_slugs (
  slug text NOT NULL,
  workspace_id uuid NOT NULL
);
ALTER TABLE workspace_slugs ADD CONSTRAINT workspace_slugs_pkey PRIMARY KEY (slug);
ALTER TABLE workspace_slugs ADD CONSTRAINT workspace_slugs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id);

CREATE TABLE workspaces (
  id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp(3) with time zone
);
ALTER TABLE workspaces ADD CONSTRAINT workspaces_pkey PRIMARY KEY (id);
ALTER TABLE workspaces ADD CONSTRAINT workspaces_slug_key UNIQUE (slug);


-- Rights

GRANT SELECT, USAGE ON SEQUENCE breaker_events_id_seq TO taskflow_app;
GRANT SELECT, USAGE ON SEQUENCE schema_migrations_id_seq TO taskflow_app;
GRANT SELECT, USAGE ON SEQUENCE schema_migrations_lock_index_seq TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON account_links TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON activity TO taskflow_app;
GRANT SELECT ON activity TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON activity_counters TO taskflow_app;
GRANT SELECT ON activity_counters TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON api_tokens TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON blob_chunks TO taskflow_app;
GRANT SELECT ON blob_chunks TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON blobs TO taskflow_app;
GRANT SELECT ON blobs TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON breaker_events TO taskflow_app;
GRANT SELECT ON breaker_events TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON breaker_modes TO taskflow_app;
GRANT SELECT ON breaker_modes TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON comments TO taskflow_app;
GRANT SELECT ON comments TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON import_rows TO taskflow_app;
GRANT SELECT ON import_rows TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON imports TO taskflow_app;
GRANT SELECT ON imports TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON invitations TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON job_attempts TO taskflow_app;
GRANT SELECT ON job_attempts TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON job_type_settings TO taskflow_app;
GRANT SELECT ON job_type_settings TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON jobs TO taskflow_app;
GRANT SELECT ON jobs TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON labels TO taskflow_app;
GRANT SELECT ON labels TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON mail_subscriptions TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON mails TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON memberships TO taskflow_app;
GRANT SELECT ON memberships TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON notification_preferences TO taskflow_app;
GRANT SELECT ON notification_preferences TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON notifications TO taskflow_app;
GRANT SELECT ON notifications TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON project_keys TO taskflow_app;
GRANT SELECT ON project_keys TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON project_members TO taskflow_app;
GRANT SELECT ON project_members TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON projects TO taskflow_app;
GRANT SELECT ON projects TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON reminder_mornings TO taskflow_app;
GRANT SELECT ON reminder_mornings TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON schedules TO taskflow_app;
GRANT SELECT ON schedules TO taskflow_readonly;
GRANT SELECT ON schema_migrations TO taskflow_app;
GRANT SELECT ON schema_migrations TO taskflow_readonly;
GRANT SELECT ON schema_migrations_lock TO taskflow_app;
GRANT SELECT ON schema_migrations_lock TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON sessions TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON statuses TO taskflow_app;
GRANT SELECT ON statuses TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON task_assignees TO taskflow_app;
GRANT SELECT ON task_assignees TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON task_counters TO taskflow_app;
GRANT SELECT ON task_counters TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON task_labels TO taskflow_app;
GRANT SELECT ON task_labels TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON task_links TO taskflow_app;
GRANT SELECT ON task_links TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON task_recurrences TO taskflow_app;
GRANT SELECT ON task_recurrences TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON tasks TO taskflow_app;
GRANT SELECT ON tasks TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON users TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON watchers TO taskflow_app;
GRANT SELECT ON watchers TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON webhook_deliveries TO taskflow_app;
GRANT SELECT ON webhook_deliveries TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON webhooks TO taskflow_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON workspace_slugs TO taskflow_app;
GRANT SELECT ON workspace_slugs TO taskflow_readonly;
GRANT DELETE, INSERT, SELECT, UPDATE ON workspaces TO taskflow_app;
GRANT SELECT ON workspaces TO taskflow_readonly;
GRANT SELECT (created_at), SELECT (email), SELECT (expires_at), SELECT (id), SELECT (purpose), SELECT (used_at), SELECT (user_id) ON account_links TO taskflow_readonly;
GRANT SELECT (accepted_at), SELECT (accepted_by), SELECT (created_at), SELECT (email), SELECT (expires_at), SELECT (id), SELECT (invited_by), SELECT (project_ids), SELECT (revoked_at), SELECT (role), SELECT (workspace_id) ON invitations TO taskflow_readonly;
GRANT SELECT (topic), SELECT (unsubscribed_at), SELECT (user_id) ON mail_subscriptions TO taskflow_readonly;
GRANT SELECT (attempts), SELECT (created_at), SELECT (error_code), SELECT (error_message), SELECT (html), SELECT (id), SELECT (job_id), SELECT (kind), SELECT (message_key), SELECT (reason), SELECT (sent_at), SELECT (state), SELECT (subject), SELECT (text), SELECT (to_address), SELECT (to_name), SELECT (topic), SELECT (user_id), SELECT (workspace_id) ON mails TO taskflow_readonly;
GRANT SELECT (anonymised_at), SELECT (created_at), SELECT (email), SELECT (email_verified_at), SELECT (id), SELECT (is_operator), SELECT (name), SELECT (updated_at), SELECT (version) ON users TO taskflow_readonly;
GRANT SELECT (created_at), SELECT (created_by), SELECT (deleted_at), SELECT (description), SELECT (event_types), SELECT (id), SELECT (is_active), SELECT (updated_at), SELECT (url), SELECT (version), SELECT (workspace_id) ON webhooks TO taskflow_readonly;
