import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

/** What ended within the last minute, for operators who look, however long the history is. */
export const endedJobIndexes: Migration = {
  name: '0008-ended-jobs',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create index jobs_finished on jobs (finished_at) where finished_at is not null;
      create index job_attempts_finished on job_attempts (finished_at);
    `);
  },
};
