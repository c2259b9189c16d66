export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag';
export { applyGrants, databaseRoles, quoteIdentifier } from './access-grants.ts';
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type PoolStats,
  type QueryInfo,
  type TransactionOptions,
} from './database.ts';
export {
  DatabaseUnavailableError,
  isCheckViolation,
  isDatabaseUnavailable,
  isForeignKeyViolation,
  isInvalidTextError,
  isLockTimeout,
  isStatementTimeout,
  isTransactionConflict,
  isUniqueViolation,
} from './database-errors.ts';
export { poolMetrics, statementMetrics } from './database-metrics.ts';
export { dumpSchema } from './dump-schema.ts';
export { type Executor, maybeOne, one, type QueryOptions } from './executor.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export type { Migration } from './migration.ts';
export { migrations } from './migrations/index.ts';
export {
  createNotificationListener,
  type NotificationListener,
  type NotificationListenerOptions,
} from './notification-listener.ts';
export { readSchemaVersion, requiredSchemaVersion } from './schema-version.ts';
