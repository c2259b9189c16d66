import type { Migration } from '../migration.ts';

/**
 * Every migration, oldest first. Append only: names that reached main never change, because each
 * database remembers which it has seen.
 */
export const migrations: readonly Migration[] = [];
