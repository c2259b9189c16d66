import { createDatabase, type Database, one, sql } from '@taskflow/db';
import {
  createMailQueue,
  createUnitOfWorkRunner,
  hashSecret,
  newId,
  newSecret,
  passwordForgot,
} from '@taskflow/domain';
import { createJobNotifier } from '@taskflow/jobs';
import { findFreePort } from '@taskflow/local/embedded';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startMailServer, type TestMailServer } from '../testing/mail-server.ts';
import { startWorkerProgram, type WorkerProgram } from '../testing/worker-program.ts';

let testDatabase: TestDatabase;
let database: Database;
let worker: WorkerProgram;
let server: TestMailServer | undefined;
let port: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 4, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  port = await findFreePort();
  worker = await startWorkerProgram({
    PUBLIC_URL: 'http://taskflow.test',
    DATABASE_URL: testDatabase.urls.app,
    REDIS_URL: await testRedisUrl(),
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    RETRY_DELAY_MS: '200',
    GRACE_PERIOD_MS: '5000',
  });
  await worker.ready();
});

afterAll(async () => {
  await worker.end();
  await server?.stop();
  await database.close();
  await testDatabase.drop();
});

const units = () => {
  const notifier = createJobNotifier({ executor: database, onError: () => undefined });
  return createUnitOfWorkRunner({ database, onCommitted: () => undefined, onAccepted: () => notifier.notify() });
};
const waitFor = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

describe('mail', { timeout: 90_000 }, () => {
  it('waits for its server, and then goes out once', async () => {
    const mails = createMailQueue({ newId, newSecret, provider: '127.0.0.1' });
    const draft = { kind: 'digest', subject: 'News', text: 'Hello', html: '<p>Hello</p>' } as const;
    const id = await units().run((unit) => mails.queue(unit, draft, { address: 'ann@example.com' }));
    const read = () =>
      one<{ state: string; attempts: number; error_code: string | null; job: string }>(
        database,
        sql`
          select m.state, m.attempts, m.error_code, j.state as job from mails m join jobs j on j.id = m.job_id
          where m.id = ${id}`,
      );
    await waitFor(async () => expect(await read()).toMatchObject({ state: 'queued', error_code: 'ECONNREFUSED' }));
    server = await startMailServer({}, port);
    await waitFor(async () =>
      expect(await read()).toMatchObject({ state: 'sent', error_code: null, job: 'succeeded' }),
    );
    expect(server.mails).toHaveLength(1);
    expect((await read()).attempts).toBeGreaterThan(1);
  });

  it('of a forgotten password brings a link that is good, and that nobody else can read afterwards', async () => {
    const userId = newId();
    await database.query(sql`insert into users (id, email, name) values (${userId}, 'bob@example.com', 'Bob')`);
    server ??= await startMailServer({}, port);
    const { mails } = server;
    await units().run(async (unit) => {
      unit.enqueue(passwordForgot, { email: 'nobody@example.com' });
      unit.enqueue(passwordForgot, { email: 'bob@example.com' });
    });
    await waitFor(() => expect(mails.at(-1)?.to).toEqual(['bob@example.com']));
    const body = mails.at(-1)?.raw.replaceAll('=\r\n', '') ?? '';
    const [, token = ''] = /http:\/\/taskflow\.test\/reset\/([\w-]{43})/.exec(body) ?? [];
    const link = await one(
      database,
      sql`select user_id, purpose, used_at from account_links where token_hash = ${hashSecret(token)}`,
    );
    expect(link).toEqual({ user_id: userId, purpose: 'reset_password', used_at: null });
    await waitFor(async () =>
      expect(
        await database.query(sql`
          select (select count(*)::int from mails where to_address in ('bob@example.com', 'nobody@example.com')) as mails,
            (select count(*)::int from mails where secret_link is not null) as secrets,
            (select count(*)::int from jobs where type = 'password.forgot' and state = 'succeeded') as jobs`),
      ).toEqual([{ mails: 1, secrets: 0, jobs: 2 }]),
    );
    expect(JSON.stringify(worker.logLines)).not.toContain(token);
  });
});
