import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createDatabase, type Database, raw, readSchemaVersion, requiredSchemaVersion, sql } from '@taskflow/db';
import { type RunningPostgres, startPostgres } from '@taskflow/local/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareDatabase } from './prepare-database.ts';

const passwords = { owner: 'owner-password', app: 'app-password', readonly: 'readonly-password' };

function open(url: string): Database {
  return createDatabase({
    url,
    applicationName: 'taskflow-test',
    pool: { max: 1, acquireTimeoutMs: 2_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 2_000,
  });
}

/** Runs one statement on a connection of its own. */
async function ask(url: string, statement: string): Promise<object[]> {
  const database = open(url);
  try {
    return await database.query(raw(statement));
  } finally {
    await database.close();
  }
}

/** A PostgreSQL of this file's own: roles belong to a whole server. */
describe('prepareDatabase', () => {
  let dataDir: string;
  let server: RunningPostgres;
  let adminUrl: string;
  let databases = 0;
  const serverLog: string[] = [];

  const urlOf = (user: string, password: string, from = adminUrl): string => {
    const url = new URL(from);
    url.username = user;
    url.password = password;
    return url.href;
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-migrate-'));
    server = await startPostgres({
      dataDir: join(dataDir, 'postgres'),
      durability: 'disposable',
      log: (line) => serverLog.push(line),
    });
  });

  async function createEmptyDatabase(): Promise<void> {
    databases += 1;
    await ask(server.adminUrl, `CREATE DATABASE prepared_${databases}`);
    const url = new URL(server.adminUrl);
    url.pathname = `/prepared_${databases}`;
    adminUrl = url.href;
  }

  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  describe('with an empty database', () => {
    const lines: string[] = [];

    beforeAll(async () => {
      await createEmptyDatabase();
      await ask(adminUrl, `ALTER DATABASE prepared_${databases} SET log_statement = 'all'`);
      await prepareDatabase({ adminUrl, passwords, log: (line) => lines.push(line) });
    });

    it('says what it did', () => {
      expect(lines.slice(0, 3)).toEqual([
        'role taskflow_owner created',
        'role taskflow_app created',
        'role taskflow_readonly created',
      ]);
      expect(lines).toContain('applied 0001-initial');
      expect(lines.at(-1)).toBe('rights are set');
    });

    it('makes it usable by the app', async () => {
      const app = open(urlOf('taskflow_app', passwords.app));
      expect(await readSchemaVersion(app)).toBe(requiredSchemaVersion);
      expect(await app.query(sql`SELECT id FROM tasks`)).toEqual([]);
      await app.close();
    });

    it('leaves no connection behind', async () => {
      const connected = `SELECT FROM pg_stat_activity WHERE application_name = 'taskflow-migrate'`;
      expect(await ask(server.adminUrl, connected)).toEqual([]);
    });

    it('stores passwords as SCRAM verifiers and never sends them', async () => {
      const stored = await ask(
        adminUrl,
        `SELECT DISTINCT left(rolpassword, 14) AS kind FROM pg_authid WHERE rolname LIKE 'taskflow_%'`,
      );
      expect(stored).toEqual([{ kind: 'SCRAM-SHA-256$' }]);
      const log = serverLog.join('\n');
      expect(log).toContain('ROLE "taskflow_app" LOGIN PASSWORD');
      expect(log).not.toMatch(/(owner|app|readonly)-password/);
    });

    it('gives the roles no power beyond the database', async () => {
      const mighty = await ask(
        adminUrl,
        `SELECT rolname FROM pg_roles WHERE rolname LIKE 'taskflow_%'
            AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)`,
      );
      expect(mighty).toEqual([]);
    });

    it('changes only passwords the second time, and then the old ones no longer work', async () => {
      const again: string[] = [];
      const changed = { ...passwords, app: 'another-password' };
      await prepareDatabase({ adminUrl, passwords: changed, log: (line) => again.push(line) });
      expect(again).toContain('role taskflow_app updated');
      expect(again).toContain('the schema was up to date');
      expect(await ask(urlOf('taskflow_app', 'another-password'), 'SELECT 1 AS x')).toEqual([{ x: 1 }]);
      await expect(ask(urlOf('taskflow_app', passwords.app), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    });
  });

  it('may run twice at once', async () => {
    await createEmptyDatabase();
    const lines: string[] = [];
    const run = (): Promise<void> => prepareDatabase({ adminUrl, passwords, log: (line) => lines.push(line) });
    await Promise.all([run(), run(), run()]);
    expect(lines.filter((line) => line === 'applied 0001-initial')).toHaveLength(1);
  });

  it('needs no superuser: a role that may create roles and owns the database is enough', async () => {
    const other = await startPostgres({ dataDir: join(dataDir, 'managed'), durability: 'disposable' });
    try {
      await ask(other.adminUrl, `CREATE ROLE manager LOGIN CREATEROLE PASSWORD 'manager-password'`);
      await ask(other.adminUrl, 'CREATE DATABASE managed OWNER manager');
      const url = new URL(urlOf('manager', 'manager-password', other.adminUrl));
      url.pathname = '/managed';
      for (const round of [1, 2]) {
        await expect(
          prepareDatabase({ adminUrl: url.href, passwords, log: () => undefined }),
          `round ${round}`,
        ).resolves.toBeUndefined();
      }
    } finally {
      await other.stop();
    }
  });

  it('does not wait for what waiting cannot mend', async () => {
    const wrong = prepareDatabase({ adminUrl: urlOf('nobody', 'wrong'), passwords, log: () => undefined });
    await expect(wrong).rejects.toMatchObject({ code: '28P01' });
  });

  describe('as a process', { timeout: 60_000 }, () => {
    beforeAll(createEmptyDatabase);

    interface Ended {
      readonly code: number | null;
      readonly output: string;
    }

    function run(environment: Record<string, string>, onLine: (output: string) => void = () => undefined) {
      const child = spawn(process.execPath, [resolve(import.meta.dirname, 'main.ts')], {
        env: { PATH: process.env['PATH'], ...environment },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8');
        stream.on('data', (chunk: string) => {
          output += chunk;
          onLine(output);
        });
      }
      return new Promise<Ended>((done) => {
        child.once('close', (code) => done({ code, output }));
      });
    }

    const environment = (): Record<string, string> => ({
      DATABASE_ADMIN_URL: adminUrl,
      DATABASE_OWNER_PASSWORD: passwords.owner,
      DATABASE_APP_PASSWORD: passwords.app,
      DATABASE_READONLY_PASSWORD: passwords.readonly,
    });

    it('exits 0 when the database is ready, with a secret from a file', async () => {
      const file = join(dataDir, 'app-password');
      await writeFile(file, `${passwords.app}\n`);
      const { DATABASE_APP_PASSWORD: _, ...others } = environment();
      const { code, output } = await run({ ...others, DATABASE_APP_PASSWORD_FILE: file });
      expect(output).toContain('applied 0001-initial');
      expect(code).toBe(0);
    });

    it('exits 78 and names every missing variable', async () => {
      const { code, output } = await run({ LOG_LEVEL: 'loud' });
      expect(code).toBe(78);
      expect(output.trim().split('\n')).toEqual([
        'configuration: DATABASE_ADMIN_URL is required',
        'configuration: DATABASE_OWNER_PASSWORD is required',
        'configuration: DATABASE_APP_PASSWORD is required',
        'configuration: DATABASE_READONLY_PASSWORD is required',
        'configuration: LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent',
      ]);
    });

    it('exits 1 when it fails, without a password in its words', async () => {
      const { code, output } = await run({ ...environment(), DATABASE_ADMIN_URL: urlOf('nobody', 'wrong-password') });
      expect(code).toBe(1);
      expect(output).toContain('the database could not be prepared');
      expect(output).not.toMatch(/(wrong|owner|app|readonly)-password/);
    });

    it('waits for a PostgreSQL that comes later, and says so', async () => {
      const folder = join(dataDir, 'late');
      const before = await startPostgres({ dataDir: folder, durability: 'disposable' });
      await before.stop();
      const { promise: waiting, resolve: seenWaiting } = Promise.withResolvers<void>();
      const settings = { ...environment(), DATABASE_ADMIN_URL: before.adminUrl, MIGRATE_DEADLINE_MS: '60000' };
      const ended = run(settings, (output) => {
        if (output.includes('waiting for PostgreSQL')) seenWaiting();
      });
      await waiting;
      const after = await startPostgres({ dataDir: folder, port: before.port, durability: 'disposable' });
      try {
        expect(await ended).toMatchObject({ code: 0 });
      } finally {
        await after.stop();
      }
    });
  });
});
