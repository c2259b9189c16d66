import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../free-port.ts';
import { postgresAdminUrl, type RunningPostgres, startPostgres } from './start-postgres.ts';

const run = promisify(execFile);

let folder: string;
let started: RunningPostgres[];

beforeEach(async () => {
  // Private, as a checkout below /root is: the server's user has to get in all the same.
  folder = await mkdtemp(path.join(tmpdir(), 'taskflow-postgres-'));
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: { port?: number; takeOver?: boolean; database?: string } = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir: folder, durability: 'disposable', ...options });
  started.push(server);
  return server;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result: { rows: unknown[] } = await client.query(statement);
    return result.rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('keeps data and password over a restart on another port', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS value');
    await first.stop();
    const second = await start({ port: await findFreePort() });
    expect(second.port).not.toBe(first.port);
    expect(new URL(second.adminUrl).password).toBe(new URL(first.adminUrl).password);
    await expect(query(second.adminUrl, 'SELECT value FROM kept')).resolves.toEqual([{ value: 1 }]);
  });

  it('recovers from kill -9 of the server', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS value');
    process.kill(first.pid, 'SIGKILL');
    await expect(first.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    const second = await start();
    await expect(query(second.adminUrl, 'SELECT value FROM kept')).resolves.toEqual([{ value: 1 }]);
  });

  it('does not take a number in a stale lock file for a running server', async () => {
    const first = await start();
    const lockFile = path.join(folder, 'cluster', 'postmaster.pid');
    const lock = await readFile(lockFile, 'utf8');
    await first.stop();
    await writeFile(lockFile, lock.replace(/^\d+/, String(process.pid)));
    await expect(start()).resolves.toMatchObject({ port: expect.any(Number) });
  });

  it('refuses a directory that is in use, unless it may take over', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`in use by a running PostgreSQL (process ${first.pid})`);
    const second = await start({ takeOver: true });
    await expect(first.exited).resolves.toEqual({ code: 0, signal: null });
    await expect(query(second.adminUrl, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  it('refuses a directory of another major version and says what to do', async () => {
    await (await start()).stop();
    await writeFile(path.join(folder, 'cluster', 'PG_VERSION'), '16\n');
    await expect(start()).rejects.toThrow(/written by PostgreSQL 16, this is PostgreSQL 17.*Dump it/);
  });

  it('refuses a port that another program keeps', async () => {
    const first = await start();
    const other = await mkdtemp(path.join(tmpdir(), 'taskflow-postgres-'));
    await expect(startPostgres({ dataDir: other, port: first.port })).rejects.toThrow(`Port ${first.port} is taken`);
    await rm(other, { recursive: true, force: true });
  });

  it('listens on the loopback interface only and lets nobody in without the password', async () => {
    const server = await start();
    await expect(query(server.adminUrl, 'SHOW listen_addresses')).resolves.toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(server.adminUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect((await stat(path.join(folder, 'admin-password'))).mode & 0o777).toBe(0o600);
  });

  it('can say where it will be before it is there, and makes the database that is asked for', async () => {
    const port = await findFreePort();
    const url = await postgresAdminUrl(folder, port, 'product');
    await start({ port, database: 'product' });
    await expect(query(url, 'SELECT current_database() AS name')).resolves.toEqual([{ name: 'product' }]);
  });

  it('does not outlive a program that is killed', async () => {
    const script = `
      import { startPostgres } from ${JSON.stringify(path.join(import.meta.dirname, 'start-postgres.ts'))};
      const server = await startPostgres({ dataDir: ${JSON.stringify(folder)}, durability: 'disposable' });
      console.log(server.pid);
      process.kill(process.pid, 'SIGKILL');`;
    const killed = await run(process.execPath, ['--input-type=module-typescript', '-e', script]).catch(
      (error: unknown) => error,
    );
    expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: expect.stringMatching(/^\d+\n$/) });
    const server = await start({ takeOver: true });
    await expect(query(server.adminUrl, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });
});
