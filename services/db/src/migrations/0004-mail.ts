import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const mails = `
create type mail_state as enum ('queued', 'sent', 'failed', 'suppressed');

-- Every mail is a row before it is sent. Text and HTML never hold a link that lets somebody in: such a link stands in
-- secret_link alone, which is emptied as soon as the mail is sent or will not be.
create table mails (
  id uuid primary key,
  kind text not null,
  -- what the person can turn off; null for mails that they asked for themselves
  topic text,
  to_address text not null,
  to_name text,
  subject text not null,
  text text not null,
  html text not null,
  secret_link text,
  holds_secret boolean not null default false,
  state mail_state not null,
  reason text,
  attempts integer not null default 0,
  error_code text,
  error_message text,
  -- the left half of Message-ID; the same on every attempt, so that a mail that came twice is known for one
  message_key text not null,
  job_id uuid,
  user_id uuid references users (id),
  workspace_id uuid references workspaces (id),
  created_at timestamptz(3) not null default now(),
  sent_at timestamptz(3),
  check (state <> 'suppressed' or reason is not null),
  check (state <> 'sent' or (sent_at is not null and secret_link is null)),
  check (holds_secret or secret_link is null)
);
create index mails_state on mails (state, id);
create index mails_workspace on mails (workspace_id, id) where workspace_id is not null;
create index mails_user on mails (user_id, id) where user_id is not null;

-- What people turned off by the link in a mail. The value of that link can do nothing else, so it is kept as it is:
-- each further mail needs it again.
create table mail_subscriptions (
  user_id uuid not null references users (id),
  topic text not null,
  unsubscribe_token text not null unique,
  unsubscribed_at timestamptz(3),
  primary key (user_id, topic)
);
`;

const identity = `
alter table users add column email_verified_at timestamptz(3);

-- Links that prove an address, good once and not for long.
create table account_links (
  id uuid primary key,
  user_id uuid not null references users (id),
  purpose text not null check (purpose in ('verify_email', 'reset_password')),
  -- the address that it was sent to: what it proves is worth nothing once the account has another one
  email text not null,
  token_hash bytea not null unique,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index account_links_user on account_links (user_id, purpose) where used_at is null;
create index account_links_expired on account_links (expires_at);
`;

/** Mails as rows, what people turned off, and links that verify an address or set a new password. */
export const mailTables: Migration = {
  name: '0004-mail',
  async up(knex: Knex): Promise<void> {
    await knex.raw(mails);
    await knex.raw(identity);
  },
};
