import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { openDatabase } from './testing/open-database.ts';
import { migrate } from './migrate.ts';
import { type Migration, migrationVersion } from './migration.ts';
import { migrations } from './migrations/index.ts';
import { readSchemaVersion, requiredSchemaVersion } from './schema-version.ts';

/** What this release has, then more, as a later release would. */
const next = requiredSchemaVersion + 1;
const numbered = (number: number, word: string): string => `${String(number).padStart(4, '0')}-${word}`;

function step(number: number, word: string, statement: string, transaction = true): Migration {
  return {
    name: numbered(number, word),
    transaction,
    async up(knex) {
      await knex.raw(statement);
    },
  };
}

describe('migrate', () => {
  let test: TestDatabase;
  let database: Database;
  let lines: string[];

  beforeEach(async () => {
    test = await createTestDatabase();
    database = openDatabase(test.urls.owner);
    lines = [];
  });

  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const run = (list: readonly Migration[], options: object = {}): Promise<string[]> =>
    migrate(database, {
      migrations: [...migrations, ...list],
      log: (line) => lines.push(line),
      retryDelayMs: 20,
      ...options,
    });

  const tableExists = async (name: string): Promise<boolean> =>
    (await database.query<{ found: boolean }>(sql`SELECT to_regclass(${name}) IS NOT NULL AS found`))[0]?.found ===
    true;

  it('applies what is missing, in order, and remembers it', async () => {
    const list = [
      step(next, 'shelves', 'CREATE TABLE shelves (id int PRIMARY KEY)'),
      step(next + 1, 'books', 'CREATE TABLE books (shelf_id int REFERENCES shelves)'),
    ];
    const names = list.map((migration) => migration.name);
    expect(await run(list)).toEqual(names);
    expect(await run(list)).toEqual([]);
    expect(lines).toEqual(names.map((name) => `applied ${name}`));
    expect(await readSchemaVersion(database)).toBe(next + 1);
  });

  it('lets one of two migrators work and the other wait', async () => {
    const list = [step(next, 'slow', 'CREATE TABLE slow (id int); SELECT pg_sleep(0.3)')];
    const other = openDatabase(test.urls.owner);
    const results = await Promise.all([
      run(list),
      migrate(other, { migrations: [...migrations, ...list], log: (line) => lines.push(line), retryDelayMs: 20 }),
    ]);
    await other.close();
    expect(results.toSorted((left, right) => left.length - right.length)).toEqual([[], [numbered(next, 'slow')]]);
    expect(lines).toContain('waiting for another migration to finish');
  });

  it('builds an index concurrently while another migrator waits', async () => {
    const list = [
      step(next, 'index', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name_test ON users (name)', false),
    ];
    const others = [openDatabase(test.urls.owner), openDatabase(test.urls.owner)];
    const log = (): void => undefined;
    const results = await Promise.all([
      run(list),
      ...others.map((each) => migrate(each, { migrations: [...migrations, ...list], log, retryDelayMs: 5 })),
    ]);
    await Promise.all(others.map((each) => each.close()));
    expect(results.flat()).toEqual([numbered(next, 'index')]);
    expect(await tableExists('users_name_test')).toBe(true);
  });

  it('gives up waiting for another migrator after its deadline', async () => {
    const { promise: finish, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const blocking: Migration = {
      name: numbered(next, 'blocking'),
      async up() {
        begin();
        await finish;
      },
    };
    const other = openDatabase(test.urls.owner);
    const first = migrate(other, { migrations: [...migrations, blocking], log: () => undefined });
    await begun;
    await expect(run([blocking], { deadlineMs: 100 })).rejects.toThrow('another migration is still running');
    resolve();
    await first;
    await other.close();
  });

  it('keeps earlier steps when one fails, and nothing of the one that failed', async () => {
    const good = step(next, 'good', 'CREATE TABLE good (id int)');
    const bad = step(next + 1, 'bad', 'CREATE TABLE half (id int); SELECT 1/0');
    await expect(run([good, bad])).rejects.toThrow('division by zero');
    expect(await tableExists('good')).toBe(true);
    expect(await tableExists('half')).toBe(false);
    const mended = step(next + 1, 'bad', 'CREATE TABLE half (id int)');
    expect(await run([good, mended])).toEqual([mended.name]);
  });

  it('steps back from a table that is in use, and tries again', async () => {
    const { promise: finish, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const app = openDatabase(test.urls.app);
    const reader = app.transaction(async (tx) => {
      await tx.query(sql`SELECT count(*) FROM users`);
      begin();
      await finish;
    });
    await begun;
    const running = run([step(next, 'column', 'ALTER TABLE users ADD COLUMN nickname text')], { lockTimeoutMs: 50 });
    await expect.poll(() => lines, { timeout: 10_000 }).toContain('a table is in use, trying again');
    resolve();
    await reader;
    expect(await running).toEqual([numbered(next, 'column')]);
    await app.close();
  });

  it('goes on after a migrator that was killed with its lock', async () => {
    await database.query(sql`UPDATE schema_migrations_lock SET is_locked = 1`);
    expect(await run([step(next, 'after', 'CREATE TABLE after_kill (id int)')])).toEqual([numbered(next, 'after')]);
  });

  it('leaves a newer database alone, so that an older release may run its migrator', async () => {
    await run([step(next, 'newer', 'CREATE TABLE newer (id int)')]);
    expect(await run([])).toEqual([]);
    expect(await readSchemaVersion(database)).toBe(next);
  });

  it('starts from an empty database, whose version is 0', async () => {
    const admin = openDatabase(test.urls.admin);
    await admin.query(sql`DROP TABLE schema_migrations, schema_migrations_lock`);
    expect(await readSchemaVersion(admin)).toBe(0);
    const only = step(1, 'only', 'CREATE TABLE only_one (id int)');
    expect(await migrate(admin, { migrations: [only], log: () => undefined })).toEqual([only.name]);
    await admin.close();
  });
});

describe('the list of migrations', () => {
  it('is numbered from 1 without gaps', () => {
    expect(migrations.map((migration) => migrationVersion(migration.name))).toEqual(
      migrations.map((_migration, index) => index + 1),
    );
  });

  it('refuses a name without a number', () => {
    expect(() => migrationVersion('initial')).toThrow('is not named like 0001-initial');
  });
});
