import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, type RunningPostgres, startPostgres } from '@taskflow/local/embedded';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { DatabaseUnavailableError, isDatabaseUnavailable } from './database-errors.ts';
import { one } from './executor.ts';
import { openDatabase } from './testing/open-database.ts';

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

const answers = (database: Database): Promise<boolean> =>
  database.ping().then(
    () => true,
    () => false,
  );

/** A PostgreSQL of this file's own, that can go away and come back on the same port. */
describe('a pool whose PostgreSQL goes away and comes back', () => {
  let dataDir: string;
  let server: RunningPostgres;
  let database: Database;

  const start = (port?: number): Promise<RunningPostgres> => startPostgres({ dataDir, port, durability: 'disposable' });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-outage-'));
    server = await start();
  });

  beforeEach(() => {
    database = openDatabase(server.adminUrl);
  });

  afterEach(async () => {
    await database.close();
  });

  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('answers errors meanwhile, quickly, and works again without a restart', async () => {
    await Promise.all([1, 2, 3].map(() => database.query(sql`SELECT pg_sleep(0.05)`)));
    const running = rejection(database.query(sql`SELECT pg_sleep(4)`));
    await server.stop();
    expect(await running).toBeInstanceOf(DatabaseUnavailableError);

    const startedAt = performance.now();
    const failures = await Promise.all(Array.from({ length: 20 }, () => rejection(database.query(sql`SELECT 1`))));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    // an ECONNREFUSED, but told apart from those of other servers
    expect(failures.every((failure) => failure instanceof DatabaseUnavailableError)).toBe(true);
    expect(failures.every(isDatabaseUnavailable)).toBe(true);

    server = await start(server.port);
    await expect.poll(() => answers(database), { timeout: 10_000 }).toBe(true);
    const results = await Promise.all(Array.from({ length: 20 }, () => database.query(sql`SELECT 1 AS x`)));
    expect(results).toHaveLength(20);
    expect(database.stats().waiting).toBe(0);
  });

  it('discards connections that were ended while idle', async () => {
    await Promise.all([1, 2, 3].map(() => database.query(sql`SELECT pg_sleep(0.05)`)));
    const other = openDatabase(server.adminUrl);
    await other.query(
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'taskflow-test' AND pid <> pg_backend_pid()`,
    );
    await other.close();
    await expect.poll(() => answers(database), { timeout: 5_000 }).toBe(true);
    expect(await Promise.all([1, 2, 3].map((x) => database.query(sql`SELECT ${x}::int AS x`)))).toHaveLength(3);
  });

  it('fails a transaction that lost its connection and commits nothing of it', async () => {
    await database.query(sql`CREATE TABLE kept (id int)`);
    const work = database.transaction(async (tx) => {
      await tx.query(sql`INSERT INTO kept VALUES (1)`);
      const { pid } = await one<{ pid: number }>(tx, sql`SELECT pg_backend_pid() AS pid`);
      await database.query(sql`SELECT pg_terminate_backend(${pid})`);
      await tx.query(sql`INSERT INTO kept VALUES (2)`);
    });
    expect(isDatabaseUnavailable(await rejection(work))).toBe(true);
    expect(await database.query(sql`SELECT * FROM kept`)).toEqual([]);
  });

  it('recovers when PostgreSQL crashes under it', async () => {
    const { pid } = await one<{ pid: number }>(database, sql`SELECT pg_backend_pid() AS pid`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => answers(database), { timeout: 10_000 }).toBe(true);
  });

  it('gives up a connection that falls silent, and takes another', async () => {
    const quick = openDatabase(server.adminUrl, { statementTimeoutMs: 200, pool: { max: 1, acquireTimeoutMs: 2_000 } });
    const { pid } = await one<{ pid: number }>(quick, sql`SELECT pg_backend_pid() AS pid`);
    process.kill(pid, 'SIGSTOP');
    try {
      const startedAt = performance.now();
      expect(isDatabaseUnavailable(await rejection(quick.query(sql`SELECT 1`)))).toBe(true);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      const { pid: next } = await one<{ pid: number }>(quick, sql`SELECT pg_backend_pid() AS pid`);
      expect(next).not.toBe(pid);
    } finally {
      process.kill(pid, 'SIGCONT');
      await quick.close();
    }
  });
});

describe('a pool that never reached PostgreSQL', () => {
  it('answers at once when nobody listens', async () => {
    const database = openDatabase(`postgres://nobody@127.0.0.1:${await findFreePort()}/nothing`);
    expect(isDatabaseUnavailable(await rejection(database.query(sql`SELECT 1`)))).toBe(true);
    await database.close();
  });

  it('stops waiting for a listener that never answers', async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const database = openDatabase(`postgres://nobody@127.0.0.1:${port}/nothing`, { connectTimeoutMs: 200 });
    expect(isDatabaseUnavailable(await rejection(database.query(sql`SELECT 1`)))).toBe(true);
    await database.close();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('does not take a wrong password for an outage', () => {
    const error = Object.assign(new Error('password authentication failed'), { code: '28P01' });
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});
