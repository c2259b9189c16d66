import type { Migration } from '../migration.ts';
import { initial } from './0001-initial.ts';
import { jobTables } from './0002-jobs.ts';

/**
 * Every migration, oldest first. Append only: names that reached main never change, because each
 * database remembers which it has seen.
 */
export const migrations: readonly Migration[] = [initial, jobTables];
