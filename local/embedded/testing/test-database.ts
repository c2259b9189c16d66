import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of one test file's own. */
export interface TestDatabase {
  /** Connection strings by role: `admin` is the superuser, the others are the three roles of the product. */
  readonly urls: Readonly<Record<'admin' | 'owner' | 'app' | 'readonly', string>>;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/**
 * Clones the migrated template into a new database (about 100 ms), so that test files run side by side without
 * seeing each other. Call it in `beforeAll` and `drop` in `afterAll`.
 *
 * The three roles belong to the whole server: a test must not change their passwords or attributes.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, templateDatabase, passwords } = inject('taskflow');
  const name = `test_${process.env['VITEST_POOL_ID'] ?? '0'}_${randomBytes(6).toString('hex')}`;
  // Copying files took about half the time of copying through the log, measured side by side on this schema.
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase} STRATEGY file_copy`);
  const urlFor = (user: string, password: string): string => {
    const url = new URL(adminUrl);
    url.username = user;
    url.password = password;
    url.pathname = `/${name}`;
    return url.href;
  };
  const admin = new URL(adminUrl);
  return {
    urls: {
      admin: urlFor(admin.username, admin.password),
      owner: urlFor('taskflow_owner', passwords.owner),
      app: urlFor('taskflow_app', passwords.app),
      readonly: urlFor('taskflow_readonly', passwords.readonly),
    },
    drop: () => runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function runAsAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
