import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const webhooks = `
create table webhooks (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  url text not null,
  description text not null default '',
  -- empty: every event
  event_types text[] not null default '{}',
  -- needed in clear to sign with
  secret text not null,
  previous_secret text,
  previous_secret_until timestamptz(3),
  is_active boolean not null default true,
  created_by uuid not null references users (id),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  unique (workspace_id, id)
);
create index webhooks_workspace on webhooks (workspace_id, id) where deleted_at is null;

create table webhook_deliveries (
  id uuid primary key,
  workspace_id uuid not null,
  webhook_id uuid not null,
  event_type text not null,
  -- the activity that it tells of; null for a ping
  activity_number bigint,
  -- the same for every attempt and every redelivery of one message
  message_id text not null,
  -- a person asked for it once more
  is_redelivery boolean not null default false,
  request_body text not null,
  job_id uuid,
  attempts integer not null default 0,
  response_status smallint,
  response_body text,
  error_code text,
  duration_ms real,
  last_attempt_at timestamptz(3),
  delivered_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id)
);
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id);
-- one message an endpoint and event, however often the fan-out runs
create unique index webhook_deliveries_once on webhook_deliveries (webhook_id, activity_number)
  where activity_number is not null and not is_redelivery;
`;

/** Endpoints that are told what happens in a workspace, and what was sent to them. */
export const webhookTables: Migration = {
  name: '0006-webhooks',
  async up(knex: Knex): Promise<void> {
    await knex.raw(webhooks);
  },
};
