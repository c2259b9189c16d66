import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { env as ownEnvironment } from 'node:process';
import { probePaths } from '@taskflow/contract/platform';
import { createDatabase, type Database, one, sql } from '@taskflow/db';
import { newId, purgeIdempotencyKeysJob, purgeSessionsJob } from '@taskflow/domain';
import { acceptJobs, newJob } from '@taskflow/jobs';
import { findFreePort, startRedis } from '@taskflow/local/embedded';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { createRedis } from '@taskflow/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startWorkerProgram, type WorkerProgram } from './testing/worker-program.ts';

let testDatabase: TestDatabase;
let database: Database;
let env: Record<string, string>;
let running: WorkerProgram[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 4, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  env = {
    PUBLIC_URL: 'http://taskflow.test',
    DATABASE_URL: testDatabase.urls.app,
    REDIS_URL: await testRedisUrl(),
    GRACE_PERIOD_MS: '5000',
  };
});

afterEach(async () => {
  await Promise.all(running.map((worker) => worker.end()));
  running = [];
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function start(more: Readonly<Record<string, string>> = {}): Promise<WorkerProgram> {
  const worker = await startWorkerProgram({ ...env, ...more });
  running.push(worker);
  return worker;
}

async function insertExpiredKey(): Promise<void> {
  const userId = randomUUID();
  await database.query(sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, 'Olga')`);
  await database.query(sql`
    insert into idempotency_keys (user_id, method, path, key, body_hash, status, expires_at)
    values (${userId}, 'POST', '/x', 'k', '\\x00', 201, now() - interval '1 min')`);
}

async function insertOldSession(): Promise<string> {
  const [userId, sessionId] = [randomUUID(), newId()];
  await database.query(sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, 'Olga')`);
  await database.query(sql`
    insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at)
    values (${sessionId}, ${userId}, ${Buffer.from(sessionId)}, '', '', now() - interval '31 days')`);
  return sessionId;
}

const stateOf = async (id: string): Promise<unknown> =>
  await one(database, sql`select state, result from jobs where id = ${id}`);

const metricsOf = async ({ managementUrl }: WorkerProgram): Promise<string> =>
  await (await fetch(`${managementUrl}${probePaths.metrics}`)).text();

const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('the worker', { timeout: 90_000 }, () => {
  it('runs an accepted job, says so in one line and in its metrics, and leaves cleanly', async () => {
    const worker = await start();
    await worker.ready();
    await insertExpiredKey();
    const job = newJob(
      newId(),
      purgeIdempotencyKeysJob,
      {},
      {
        requestId: 'request-1234',
        traceParent: `00-${traceId}-b7ad6b7169203331-00`,
      },
    );
    await acceptJobs(database, [job]);
    await vi.waitFor(
      async () => expect(await stateOf(job.id)).toEqual({ state: 'succeeded', result: { deleted: 1 } }),
      {
        timeout: 15_000,
      },
    );
    await vi.waitFor(() =>
      expect(worker.logLines.filter(({ jobId }) => jobId === job.id)).toEqual([
        expect.objectContaining({
          level: 'info',
          service: 'worker',
          message: 'job',
          type: 'maintenance.purge-idempotency-keys',
          attempt: 1,
          outcome: 'succeeded',
          durationMs: expect.any(Number),
          requestId: 'request-1234',
          traceId,
        }),
      ]),
    );
    const metrics = await metricsOf(worker);
    expect(metrics).toContain(
      'taskflow_job_attempt_duration_seconds_count{type="maintenance.purge-idempotency-keys",outcome="succeeded"} 1',
    );
    expect(metrics).toContain('taskflow_jobs_waiting{priority="bulk"} 0');
    worker.signal('SIGTERM');
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(worker.logLines.at(-1)).toMatchObject({ message: 'stopped', unclean: [] });
    expect(worker.logLines.filter(({ message }) => message === 'job engine' || message === 'job queues')).toEqual([]);
  });

  it('returns what does not end within the grace period, and leaves cleanly all the same', async () => {
    const worker = await start({ GRACE_PERIOD_MS: '2000', DATABASE_STATEMENT_TIMEOUT_MS: '60000' });
    await worker.ready();
    const sessionId = await insertOldSession();
    const job = newJob(newId(), purgeSessionsJob, {});
    await database.transaction(async (tx) => {
      // the job's statement waits for this row
      await tx.query(sql`select id from sessions where id = ${sessionId} for update`);
      await acceptJobs(database, [job]);
      await vi.waitFor(async () => expect(await stateOf(job.id)).toMatchObject({ state: 'running' }), {
        timeout: 15_000,
      });
      const toldAt = performance.now();
      worker.signal('SIGTERM');
      expect(await worker.exited).toEqual({ code: 0, signal: null });
      expect(performance.now() - toldAt).toBeLessThan(6_000);
      expect(await stateOf(job.id)).toMatchObject({ state: 'pending' });
    });
    const attempts = await database.query(sql`select attempt, outcome from job_attempts where job_id = ${job.id}`);
    expect(attempts).toEqual([{ attempt: 1, outcome: 'returned' }]);
    const next = await start();
    await next.ready();
    await vi.waitFor(async () => expect(await stateOf(job.id)).toMatchObject({ state: 'succeeded' }), {
      timeout: 15_000,
    });
    expect(await database.query(sql`select id from sessions where id = ${sessionId}`)).toEqual([]);
  });

  it('brings its schedules along, and fires one that is due', async () => {
    await database.query(sql`delete from schedules`);
    const worker = await start();
    await worker.ready();
    const { keys } = await one<{ keys: string[] }>(
      database,
      sql`select array_agg(key order by key) as keys from schedules`,
    );
    expect(keys).toContain('maintenance.purge-sessions');
    await database.query(sql`
      update schedules set next_run_at = now() - interval '1 min' where key = 'maintenance.purge-sessions'`);
    await vi.waitFor(
      async () =>
        expect(
          await one(
            database,
            sql`
            select j.state, s.next_run_at > now() as planned
            from schedules s join jobs j on j.id = s.last_job_id where s.key = 'maintenance.purge-sessions'`,
          ),
        ).toEqual({ state: 'succeeded', planned: true }),
      { timeout: 15_000 },
    );
  });

  it('runs jobs without Redis too', async () => {
    const worker = await start({ REDIS_URL: `redis://127.0.0.1:${await findFreePort()}` });
    await worker.ready();
    const job = newJob(newId(), purgeIdempotencyKeysJob, {});
    await acceptJobs(database, [job]);
    await vi.waitFor(async () => expect(await stateOf(job.id)).toMatchObject({ state: 'succeeded' }), {
      timeout: 15_000,
    });
    expect(await metricsOf(worker)).toContain('taskflow_job_transport_active{transport="direct"} 1');
  });

  it('refuses a Redis that may throw jobs away, and says what to change', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'taskflow-evicting-'));
    const server = await startRedis({
      dataDir: folder,
      durability: 'disposable',
      // never a server of somebody else: its settings are changed
      env: { ...ownEnvironment, REDIS_URL: '' },
    });
    const redis = createRedis({ url: server.url, name: 'test', onError: () => undefined });
    await once(redis, 'ready');
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const worker = await start({ REDIS_URL: server.url });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.logLines).toContainEqual(
      expect.objectContaining({
        message: 'could not start',
        err: expect.objectContaining({ message: expect.stringContaining('set maxmemory-policy noeviction') }),
      }),
    );
    redis.disconnect();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('waits for PostgreSQL and says so, and leaves when it is told to', async () => {
    const nowhere = new URL(testDatabase.urls.app);
    nowhere.port = '1';
    const worker = await start({ DATABASE_URL: nowhere.href });
    await vi.waitFor(() => expect(worker.logLines.map(({ message }) => message)).toContain('waiting for postgres'), {
      timeout: 15_000,
    });
    worker.signal('SIGTERM');
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  it('refuses an environment that makes no sense, with one line a problem', async () => {
    const worker = await start({ REDIS_URL: '', WORKER_CONCURRENCY: 'many' });
    expect(await worker.exited).toEqual({ code: 78, signal: null });
    expect(worker.problems().trim().split('\n')).toEqual([
      'configuration: REDIS_URL is required',
      'configuration: WORKER_CONCURRENCY must be a whole number from 1 to 1000',
    ]);
  });
});
