import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

const reminders = `
-- The last morning of a time zone whose reminders went out, so that a day's work is done once.
create table reminder_mornings (
  time_zone text primary key,
  morning timestamptz(3) not null
);
`;

/** Which reminders of due dates went out. */
export const reminderTables: Migration = {
  name: '0011-reminders',
  async up(knex: Knex): Promise<void> {
    await knex.raw(reminders);
  },
};
