/** Where the servers of one test run are. Plain data: it crosses from the main process into the workers. */
export interface TestCoordinates {
  /** Superuser, database `postgres`. */
  readonly adminUrl: string;
  /** Migrated database that test databases are cloned from. Nobody may stay connected to it. */
  readonly templateDatabase: string;
  readonly passwords: RolePasswords;
  /** Redis with {@link TEST_REDIS_DATABASES} logical databases. */
  readonly redisUrl: string;
}

/** Passwords of the three database roles. */
export interface RolePasswords {
  readonly owner: string;
  readonly app: string;
  readonly readonly: string;
}

/** How many logical databases the Redis of a test run has; number 0 hands out the others. */
export const TEST_REDIS_DATABASES = 1024;

declare module 'vitest' {
  export interface ProvidedContext {
    taskflow: TestCoordinates;
  }
}
