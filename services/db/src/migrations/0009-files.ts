import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const files = `
-- Files: exports, reports, what people sent to be imported. One that is not complete has no size; each goes by itself
-- when its time is over.
create table blobs (
  id uuid primary key,
  workspace_id uuid not null references workspaces (id),
  created_by uuid not null references users (id),
  file_name text not null,
  media_type text not null,
  -- where the bytes are
  store text not null,
  size_bytes bigint,
  sha256 bytea,
  created_at timestamptz(3) not null default now(),
  stored_at timestamptz(3),
  expires_at timestamptz(3) default now() + interval '1 day',
  check ((stored_at is null) = (size_bytes is null)),
  check (stored_at is not null or expires_at is not null)
);
create index blobs_expired on blobs (expires_at) where expires_at is not null;

create table blob_chunks (
  blob_id uuid not null references blobs (id) on delete cascade,
  position integer not null,
  data bytea not null,
  primary key (blob_id, position)
);
-- most of it is compressed already
alter table blob_chunks alter column data set storage external;
`;

const imports = `
-- How far the job of an import has come; what it read so far waits in import_rows until all of it becomes tasks at once.
create table imports (
  job_id uuid primary key references jobs (id) on delete cascade,
  workspace_id uuid not null references workspaces (id),
  -- rows that were read and staged
  staged integer not null default 0,
  is_staged boolean not null default false,
  -- the first of them, by line
  problems jsonb not null default '[]',
  problem_count integer not null default 0,
  created_at timestamptz(3) not null default now()
);

create table import_rows (
  job_id uuid not null references imports (job_id) on delete cascade,
  position integer not null,
  data jsonb not null,
  primary key (job_id, position)
);
`;

/** Files that the product keeps, and imports on their way. */
export const fileTables: Migration = {
  name: '0009-files',
  async up(knex: Knex): Promise<void> {
    for (const statements of [files, imports]) {
      await knex.raw(statements);
    }
  },
};
