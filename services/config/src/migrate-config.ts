import { z } from 'zod';
import { deepFreeze, type Environment, type ReadText, readEnvironment, type VariableSet } from './environment.ts';
import { type LogLevelName, logLevel } from './shared-variables.ts';
import { password, url, wholeNumber } from './variable-types.ts';

const shape = {
  DATABASE_ADMIN_URL: url('postgres', 'postgresql').describe('The database as a role that may create roles.'),
  DATABASE_OWNER_PASSWORD: password().describe(
    'Password of taskflow_owner, which owns the tables and runs migrations.',
  ),
  DATABASE_APP_PASSWORD: password().describe('Password of taskflow_app, which reads and writes rows.'),
  DATABASE_READONLY_PASSWORD: password().describe('Password of taskflow_readonly, which reads everything but secrets.'),
  MIGRATE_DEADLINE_MS: wholeNumber(1_000, 86_400_000)
    .prefault('600000')
    .describe('How long to wait for PostgreSQL and for another migration, in ms.'),
  LOG_LEVEL: logLevel,
};

/** The variables of the migrate process. */
export const migrateVariables: VariableSet<typeof shape> = {
  schema: z.object(shape),
  secrets: new Set([
    'DATABASE_ADMIN_URL',
    'DATABASE_OWNER_PASSWORD',
    'DATABASE_APP_PASSWORD',
    'DATABASE_READONLY_PASSWORD',
  ]),
};

/** Configuration of the migrate process. */
export interface MigrateConfig {
  readonly adminUrl: string;
  readonly passwords: { readonly owner: string; readonly app: string; readonly readonly: string };
  readonly deadlineMs: number;
  readonly log: { readonly level: LogLevelName };
}

/**
 * The migrate process's configuration, frozen.
 *
 * @throws ConfigError with every problem
 */
export function loadMigrateConfig(environment: Environment, readText?: ReadText): MigrateConfig {
  const read = readEnvironment(migrateVariables, environment, readText);
  return deepFreeze({
    adminUrl: read.DATABASE_ADMIN_URL,
    passwords: {
      owner: read.DATABASE_OWNER_PASSWORD,
      app: read.DATABASE_APP_PASSWORD,
      readonly: read.DATABASE_READONLY_PASSWORD,
    },
    deadlineMs: read.MIGRATE_DEADLINE_MS,
    log: { level: read.LOG_LEVEL },
  });
}
