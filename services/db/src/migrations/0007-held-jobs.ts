import type { Knex } from 'knex';
import type { Migration } from '../migration.ts';

/**
 * What circuit breakers ask for every second, however many other jobs are in quarantine: who waits for a breaker, whom
 * an outage exhausted, which probes are on their way.
 */
export const heldJobIndexes: Migration = {
  name: '0007-held-jobs',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create index jobs_held on jobs (type, scope, id) where state = 'quarantined' and reason = 'breaker';
      create index jobs_exhausted on jobs (type, scope, started_at)
        where state = 'quarantined' and reason = 'exhausted' and breaker_key is not null;
      create index jobs_probes on jobs (type, scope) where is_probe and state in ('pending', 'queued', 'running');
    `);
  },
};
