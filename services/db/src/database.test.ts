import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import sql, { join } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database, QueryInfo } from './database.ts';
import {
  isCheckViolation,
  isDatabaseUnavailable,
  isForeignKeyViolation,
  isInvalidTextError,
  isStatementTimeout,
  isTransactionConflict,
  isUniqueViolation,
} from './database-errors.ts';
import { maybeOne, one } from './executor.ts';
import { openDatabase } from './testing/open-database.ts';

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('createDatabase', () => {
  let test: TestDatabase;
  let database: Database;
  let queries: QueryInfo[];

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase(test.urls.owner, { onQuery: (info) => queries.push(info) });
    queries = [];
    await database.query(sql`CREATE TABLE parents (id int PRIMARY KEY, name text CHECK (name <> ''))`);
    await database.query(sql`CREATE TABLE children (id int PRIMARY KEY, parent_id int REFERENCES parents)`);
  });

  beforeEach(async () => {
    await database.query(sql`TRUNCATE parents, children`);
    queries = [];
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const count = async (): Promise<number> =>
    (await one<{ count: number }>(database, sql`SELECT count(*) FROM parents`)).count;

  describe('statements', () => {
    it('bind values, nested fragments included', async () => {
      const fragment = sql`VALUES ${join([1, 2].map((id) => sql`(${id}::int, ${`name ${id}`}::text)`))}`;
      const rows = await database.query<{ id: number; name: string }>(
        sql`SELECT * FROM (${fragment}) AS t (id, name) WHERE id > ${1}`,
      );
      expect(rows).toEqual([{ id: 2, name: 'name 2' }]);
    });

    it('answer bigint as an exact number, and fail rather than round', async () => {
      const rows = await database.query<{ n: number }>(sql`SELECT 9007199254740991::bigint AS n`);
      expect(rows).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
      await expect(database.query(sql`SELECT 9007199254740993::bigint AS n`)).rejects.toThrow(RangeError);
      expect(await count()).toBe(0);
    });

    it('run in UTC without just-in-time compilation', async () => {
      const rows = await database.query(sql`SELECT current_setting('TimeZone') AS zone, current_setting('jit') AS jit`);
      expect(rows).toEqual([{ zone: 'UTC', jit: 'off' }]);
    });

    it('are prepared once per connection when they have a name, whatever else has the same name', async () => {
      const name = 'a name that two texts share, and that is much longer than PostgreSQL keeps';
      const single = openDatabase(test.urls.owner, { pool: { max: 1, acquireTimeoutMs: 2_000 } });
      for (const id of [1, 2]) {
        await single.query(sql`SELECT ${id}::int AS one`, { name });
        await single.query(sql`SELECT ${id}::int AS other`, { name });
      }
      const rows = await single.query<{ statement: string }>(
        sql`SELECT statement FROM pg_prepared_statements ORDER BY statement`,
      );
      await single.close();
      expect(rows.map((row) => row.statement)).toEqual(['SELECT $1::int AS one', 'SELECT $1::int AS other']);
    });

    it('are reported, failures too', async () => {
      await database.query(sql`SELECT 1 AS x`, { name: 'probe' });
      await rejection(database.query(sql`SELECT 1/0`));
      expect(queries).toMatchObject([
        { name: 'probe', text: 'SELECT 1 AS x', rowCount: 1, error: undefined },
        { name: undefined, text: 'SELECT 1/0', rowCount: 0, error: { code: '22012' } },
      ]);
    });

    it('are checked for the number of their rows', async () => {
      const none = sql`SELECT 1 WHERE false`;
      const two = sql`SELECT generate_series(1, 2)`;
      expect(await maybeOne(database, none)).toBeUndefined();
      await expect(one(database, none)).rejects.toThrow('expected one row, got none');
      await expect(maybeOne(database, two)).rejects.toThrow('expected at most one row, got 2');
    });
  });

  describe('transactions', () => {
    it('commit when the work resolves', async () => {
      const result = await database.transaction(async (tx) => {
        await tx.query(sql`INSERT INTO parents VALUES (1, 'a')`);
        await tx.query(sql`INSERT INTO children VALUES (1, 1)`);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await count()).toBe(1);
    });

    it('roll back when the work throws, and free their connection', async () => {
      const work = database.transaction(async (tx) => {
        await tx.query(sql`INSERT INTO parents VALUES (1, 'a')`);
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      expect(await count()).toBe(0);
      expect(database.stats().used).toBe(0);
    });

    it('throw when a failure was swallowed, since PostgreSQL then commits nothing', async () => {
      const work = database.transaction(async (tx) => {
        await tx.query(sql`INSERT INTO parents VALUES (1, 'a')`);
        await rejection(tx.query(sql`SELECT 1/0`));
        return 'looks fine';
      });
      await expect(work).rejects.toThrow('the transaction was rolled back');
      expect(await count()).toBe(0);
    });

    it('throw when a deferred constraint refuses the commit', async () => {
      await database.query(
        sql`ALTER TABLE children ALTER CONSTRAINT children_parent_id_fkey DEFERRABLE INITIALLY DEFERRED`,
      );
      const work = database.transaction((tx) => tx.query(sql`INSERT INTO children VALUES (1, 99)`));
      expect(isForeignKeyViolation(await rejection(work))).toBe(true);
      await database.query(sql`ALTER TABLE children ALTER CONSTRAINT children_parent_id_fkey NOT DEFERRABLE`);
    });

    it('take an isolation level and may be read-only', async () => {
      const level = await database.transaction(
        (tx) => one<{ level: string }>(tx, sql`SELECT current_setting('transaction_isolation') AS level`),
        { isolation: 'repeatable read' },
      );
      expect(level).toEqual({ level: 'repeatable read' });
      const write = database.transaction((tx) => tx.query(sql`INSERT INTO parents VALUES (1, 'a')`), {
        readOnly: true,
      });
      await expect(write).rejects.toMatchObject({ code: '25006' });
    });

    it('do not run their work when the connection is gone before it begins', async () => {
      const closed = openDatabase(test.urls.owner);
      await closed.query(sql`SELECT 1`);
      await closed.close();
      let ran = false;
      const work = closed.transaction(async () => {
        ran = true;
      });
      expect(isDatabaseUnavailable(await rejection(work))).toBe(true);
      expect(ran).toBe(false);
    });
  });

  describe('errors', () => {
    it('say which constraint was violated', async () => {
      await database.query(sql`INSERT INTO parents VALUES (1, 'a')`);
      const duplicate = await rejection(database.query(sql`INSERT INTO parents VALUES (1, 'b')`));
      expect(isUniqueViolation(duplicate)).toBe(true);
      expect(isUniqueViolation(duplicate, 'parents_pkey')).toBe(true);
      expect(isUniqueViolation(duplicate, 'parents_name_key')).toBe(false);
      const orphan = await rejection(database.query(sql`INSERT INTO children VALUES (1, 99)`));
      expect(isForeignKeyViolation(orphan, 'children_parent_id_fkey')).toBe(true);
      const empty = await rejection(database.query(sql`INSERT INTO parents VALUES (2, '')`));
      expect(isCheckViolation(empty, 'parents_name_check')).toBe(true);
      expect([duplicate, orphan, empty].some(isDatabaseUnavailable)).toBe(false);
    });

    it.each([
      ['a NUL byte', sql`SELECT ${'a\u0000b'}::text`],
      ['an escaped NUL in JSON', sql`SELECT ${'{"a": "\\u0000"}'}::jsonb ->> 'a'`],
    ])('recognise text that cannot be stored: %s', async (_what, statement) => {
      expect(isInvalidTextError(await rejection(database.query(statement)))).toBe(true);
    });

    it('recognise a deadlock, which is worth another try', async () => {
      await database.query(sql`INSERT INTO parents VALUES (1, 'a'), (2, 'b')`);
      const { promise: bothHold, resolve: release } = Promise.withResolvers<void>();
      let holding = 0;
      const lock = (first: number, second: number): Promise<unknown> =>
        rejection(
          database.transaction(async (tx) => {
            await tx.query(sql`SELECT FROM parents WHERE id = ${first} FOR UPDATE`);
            holding += 1;
            if (holding === 2) release();
            await bothHold;
            await tx.query(sql`SELECT FROM parents WHERE id = ${second} FOR UPDATE`);
          }),
        );
      const outcomes = await Promise.all([lock(1, 2), lock(2, 1)]);
      expect(outcomes.filter(isTransactionConflict)).toHaveLength(1);
    });
  });

  describe('deadlines', () => {
    it('end a statement that runs too long, and keep the connection', async () => {
      const quick = openDatabase(test.urls.owner, {
        statementTimeoutMs: 100,
        pool: { max: 1, acquireTimeoutMs: 2_000 },
      });
      const pid = sql`SELECT pg_backend_pid() AS pid`;
      const before = await quick.query(pid);
      expect(isStatementTimeout(await rejection(quick.query(sql`SELECT pg_sleep(5)`)))).toBe(true);
      expect(await quick.query(pid)).toEqual(before);
      await quick.close();
    });

    it('end the wait for a connection when the pool is used up', async () => {
      // the deadline is for opening a connection too, so it must be long enough for that on a busy machine
      const small = openDatabase(test.urls.owner, { pool: { max: 1, acquireTimeoutMs: 2_000 } });
      const { promise: finish, resolve } = Promise.withResolvers<void>();
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const holder = small.transaction(async (tx) => {
        await tx.query(sql`SELECT 1`);
        begin();
        await finish;
      });
      await begun;
      const waiting = rejection(small.query(sql`SELECT 1`));
      expect(small.stats()).toEqual({ used: 1, free: 0, waiting: 1, max: 1 });
      expect(isDatabaseUnavailable(await waiting)).toBe(true);
      resolve();
      await holder;
      expect(await small.query(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }]);
      await small.close();
    });

    it('end a transaction whose work forgets to go on', async () => {
      const impatient = openDatabase(test.urls.owner, { idleInTransactionTimeoutMs: 100 });
      const { promise: forgotten, resolve: remember } = Promise.withResolvers<void>();
      const work = rejection(
        impatient.transaction(async (tx) => {
          const { pid } = await one<{ pid: number }>(tx, sql`SELECT pg_backend_pid() AS pid`);
          await expect
            .poll(() => database.query(sql`SELECT FROM pg_stat_activity WHERE pid = ${pid}`), { timeout: 5_000 })
            .toEqual([]);
          remember();
          await forgotten;
          await tx.query(sql`INSERT INTO parents VALUES (1, 'late')`);
        }),
      );
      expect(isDatabaseUnavailable(await work)).toBe(true);
      expect(await impatient.query(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }]);
      await impatient.close();
    });

    it('end what still runs when the pool must close now, and not before', async () => {
      const leaving = openDatabase(test.urls.owner);
      const running = rejection(leaving.query(sql`SELECT pg_sleep(20)`));
      await expect.poll(() => leaving.stats().used).toBe(1);
      const deadline = new AbortController();
      let isClosed = false;
      const closing = leaving.close(deadline.signal).then(() => (isClosed = true));
      await database.query(sql`SELECT 1`);
      expect(isClosed).toBe(false);
      deadline.abort(new Error('no time left'));
      await closing;
      expect(isDatabaseUnavailable(await running)).toBe(true);
    });

    it('end a ping when its signal aborts', async () => {
      await expect(database.ping(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
      await expect(database.ping(AbortSignal.timeout(5_000))).resolves.toBeUndefined();
    });
  });
});
