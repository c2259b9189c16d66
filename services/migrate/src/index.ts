export type { RolePasswords } from './database-roles.ts';
export { type PrepareDatabaseOptions, prepareDatabase } from './prepare-database.ts';
