import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

/**
 * What may run now, by type: a type that is paused, at its limit or unknown to a release is not read at all, however
 * many of its jobs wait. The rows of a job change three times in their short life, so they are cleaned up early.
 */
export const jobDispatchIndex: Migration = {
  name: '0005-job-dispatch',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      drop index jobs_pending;
      create index jobs_pending on jobs (type, lane, run_at, id) where state = 'pending';
      alter table jobs set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1,
        autovacuum_analyze_scale_factor = 0.02);
    `);
  },
};
