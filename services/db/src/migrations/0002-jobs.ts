import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const types = `
create type job_state as enum (
  'scheduled', 'pending', 'queued', 'running', 'retrying', 'quarantined', 'succeeded', 'canceled', 'discarded'
);
create type job_priority as enum ('critical', 'default', 'bulk');
create type quarantine_reason as enum ('exhausted', 'poison', 'payload_invalid', 'breaker');
create type attempt_outcome as enum ('succeeded', 'failed', 'lost', 'canceled', 'returned');
create type breaker_mode as enum ('auto', 'open', 'closed', 'observe');
`;

const jobs = `
-- Every job that was accepted. "scheduled" and "retrying" wait for run_at, "pending" may run now, "queued" is with the
-- transport, "running" has an attempt and a lease. The attempt under way stands in the row itself, so that a job that
-- succeeds at once writes no other row; what ended without success is kept in job_attempts.
create table jobs (
  id uuid primary key,
  type text not null,
  priority job_priority not null,
  workspace_id uuid references workspaces (id),
  -- who shares fairly with whom: the workspace, or the nil UUID for the instance itself
  lane uuid not null generated always as (coalesce(workspace_id, '00000000-0000-0000-0000-000000000000')) stored,
  -- what the circuit breaker of the type tells apart: an endpoint, a provider, a workspace
  scope text not null default '',
  payload jsonb not null,
  state job_state not null,
  run_at timestamptz(3) not null default now(),
  expires_at timestamptz(3),
  unique_key text,
  requested_by uuid references users (id),
  -- what caused it: the task that a person changed, and the request that did
  task_id uuid,
  request_id text,
  trace_parent text,
  -- counts attempts for ever and fences off late finishers; tries counts since the last release
  attempt integer not null default 0,
  tries integer not null default 0,
  dispatch_no integer not null default 0,
  is_probe boolean not null default false,
  worker text,
  queued_at timestamptz(3),
  started_at timestamptz(3),
  lease_expires_at timestamptz(3),
  cancel_requested_at timestamptz(3),
  reason quarantine_reason,
  breaker_key text,
  error_code text,
  error_message text,
  fingerprint text,
  -- why it was discarded
  discard_reason text,
  progress real,
  result jsonb,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  check ((state = 'quarantined') = (reason is not null)),
  check ((state in ('succeeded', 'canceled', 'discarded')) = (finished_at is not null)),
  check (state <> 'running' or (lease_expires_at is not null and worker is not null))
) with (fillfactor = 80);
create index jobs_pending on jobs (priority, lane, run_at, id) where state = 'pending';
create index jobs_waiting on jobs (run_at) where state in ('scheduled', 'retrying');
create index jobs_in_flight on jobs (state, type) where state in ('queued', 'running');
create index jobs_quarantined on jobs (type, scope, id) where state = 'quarantined';
create unique index jobs_unique_key on jobs (type, unique_key)
  where unique_key is not null and state not in ('succeeded', 'canceled', 'discarded');
create index jobs_requested_by on jobs (requested_by, id) where requested_by is not null;
create index jobs_task on jobs (task_id, id) where task_id is not null;

create table job_attempts (
  job_id uuid not null references jobs (id) on delete cascade,
  attempt integer not null,
  outcome attempt_outcome not null,
  worker text not null,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3) not null default now(),
  error_code text,
  error_message text,
  fingerprint text,
  primary key (job_id, attempt)
);

-- What operators decided for a type of job.
create table job_type_settings (
  type text primary key,
  paused_at timestamptz(3),
  priority job_priority,
  updated_by uuid references users (id),
  updated_at timestamptz(3) not null default now()
);

create table schedules (
  id uuid primary key,
  -- stable name of a schedule that the release brings along; null for one that people made
  key text unique,
  workspace_id uuid references workspaces (id),
  type text not null,
  payload jsonb not null,
  cron text not null,
  time_zone text not null,
  next_run_at timestamptz(3),
  last_run_at timestamptz(3),
  last_job_id uuid,
  paused_at timestamptz(3),
  created_by uuid references users (id),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index schedules_due on schedules (next_run_at) where paused_at is null;
create index schedules_workspace on schedules (workspace_id, id) where workspace_id is not null;
`;

const breakers = `
create table breaker_events (
  id bigint generated always as identity primary key,
  key text not null,
  at timestamptz(3) not null default now(),
  from_state text not null,
  to_state text not null,
  cause text not null,
  failures integer not null default 0,
  cooldown_ms integer,
  actor_id uuid references users (id)
);
create index breaker_events_key on breaker_events (key, id);
create index breaker_events_at on breaker_events (at);

-- What operators forced; Redis may forget, this does not.
create table breaker_modes (
  key text primary key,
  mode breaker_mode not null,
  set_by uuid references users (id),
  set_at timestamptz(3) not null default now()
);
`;

/** Durable background work: jobs with their attempts, schedules, and what circuit breakers did. */
export const jobTables: Migration = {
  name: '0002-jobs',
  async up(knex: Knex): Promise<void> {
    for (const statements of [types, jobs, breakers]) {
      await knex.raw(statements);
    }
  },
};
