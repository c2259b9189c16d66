import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const recurrences = `
-- How tasks repeat. A task whose next one was made has passed its recurrence on to it.
create table task_recurrences (
  task_id uuid primary key,
  workspace_id uuid not null,
  -- RRULE of RFC 5545, without its beginning
  rule text not null,
  mode text not null check (mode in ('completion', 'schedule')),
  time_zone text not null,
  -- the due date that the rule counts from: the same for all tasks of a series
  starts_at timestamptz(3) not null,
  set_by uuid not null references users (id),
  next_task_id uuid unique,
  -- the rule has no further date
  ended_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  foreign key (workspace_id, task_id) references tasks (workspace_id, id) on delete cascade,
  foreign key (workspace_id, next_task_id) references tasks (workspace_id, id)
);
create index task_recurrences_live on task_recurrences (task_id) where next_task_id is null and ended_at is null;
`;

/** Tasks that come again. */
export const recurrenceTables: Migration = {
  name: '0012-recurrences',
  async up(knex: Knex): Promise<void> {
    await knex.raw(recurrences);
  },
};
