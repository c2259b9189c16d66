import { fileURLToPath } from 'node:url';
import { createDatabase, type Database, sql } from '@taskflow/db';
import { newId } from '@taskflow/domain';
import { acceptJobs, createJobNotifier, type JobType, newJob } from '@taskflow/jobs';
import type { TestDatabase } from '@taskflow/local/embedded/testing';
import { expect, vi } from 'vitest';
import { faultWrite } from './fault-worker/fault-jobs.ts';
import { startWorkerProgram, type WorkerProgram } from './worker-program.ts';

/** A job's row, as far as these tests look. */
export interface FaultJob {
  readonly id: string;
  readonly n: number;
  readonly type: string;
  readonly state: string;
  readonly reason: string | null;
  readonly errorCode: string | null;
  readonly attempt: number;
  readonly tries: number;
  readonly dispatchNo: number;
  /** Rows that it wrote. */
  readonly effects: number;
}

/** An attempt that began, in whichever process. */
export interface NotedAttempt {
  readonly attempt: number;
  readonly pid: number;
}

/** Jobs that are accepted on and on. */
export interface Load {
  /** Ids of those whose acceptance was confirmed. */
  readonly accepted: readonly string[];
  /** Resolves when so many more are accepted than now. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** A database, a Redis, and workers in processes of their own that a test may kill. */
export interface FaultWorld {
  readonly database: Database;
  /** Starts a worker and waits until it is ready. @param env beside the usual */
  worker(env?: Readonly<Record<string, string>>): Promise<WorkerProgram>;
  /** What all workers have written, those that ended included. */
  logLines(): Readonly<Record<string, unknown>>[];
  /** Starts a worker again and again until the test ends, as an orchestrator would. */
  keepWorker(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Accepts a job; answers its id. */
  accept<Payload>(type: JobType<Payload>, payload: NoInfer<Payload>): Promise<string>;
  /** Accepts several hundred jobs a second, each of which writes a row. */
  load(): Load;
  job(id: string): Promise<FaultJob>;
  jobs(): Promise<FaultJob[]>;
  /** Resolves when the job is in the state; answers its row. */
  until(id: string, state: string): Promise<FaultJob>;
  /** Attempts of a job that began, in order. */
  noted(n: number): Promise<NotedAttempt[]>;
  /** How attempts that did not succeed ended, in order. */
  outcomes(id: string): Promise<string[]>;
  /** Lets the attempts go that hold. */
  openGate(n: number): Promise<void>;
  /** Resolves when every job of these tests is final or in quarantine; answers all. */
  settled(): Promise<FaultJob[]>;
  /** Ends the workers and removes the jobs. For `afterEach`. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** How long tests wait for what they expect, on a machine that has other things to do. */
export const patience = { timeout: 45_000, interval: 50 };

const programMain = fileURLToPath(new URL('./fault-worker/main.ts', import.meta.url));
const batchSize = 10;
const batchEveryMs = 25;
const ended = ['succeeded', 'canceled', 'discarded', 'quarantined'];

/** A number that no other job has. */
let lastN = 0;
/** A number that no job of this process has had. */
export const nextN = (): number => (lastN += 1);

/** Prepares the database; `close` it in `afterAll`. */
export async function createFaultWorld(on: { database: TestDatabase; redisUrl: string }): Promise<FaultWorld> {
  const database = openPool(on.database.urls.app);
  const notifier = createJobNotifier({ executor: database, onError: () => undefined });
  const started = new Set<WorkerProgram>();
  let isClearing = false;
  await createTables(on.database.urls.admin);

  async function worker(env: Readonly<Record<string, string>> = {}): Promise<WorkerProgram> {
    const program = await startWorkerProgram(
      {
        PUBLIC_URL: 'http://taskflow.test',
        DATABASE_URL: on.database.urls.app,
        REDIS_URL: on.redisUrl,
        RETRY_DELAY_MS: '200',
        GRACE_PERIOD_MS: '8000',
        FAULT_LEASE_MS: '3000',
        ...env,
      },
      programMain,
    );
    started.add(program);
    await program.ready();
    return program;
  }

  async function keepWorker(env?: Readonly<Record<string, string>>): Promise<void> {
    const program = await worker(env);
    void program.exited.then(async () => {
      if (!isClearing) {
        await keepWorker(env);
      }
    });
  }

  async function jobs(): Promise<FaultJob[]> {
    return database.query<FaultJob & Record<string, unknown>>(sql`
      select j.id, (j.payload ->> 'n')::int as n, j.type, j.state, j.reason, j.error_code as "errorCode", j.attempt,
        j.tries, j.dispatch_no as "dispatchNo", coalesce(e.count, 0)::int as effects
      from jobs j
      left join (select n, count(*) from fault_effects group by n) e on e.n = (j.payload ->> 'n')::int
      where j.type like 'fault.%'
      order by j.id`);
  }

  async function job(id: string): Promise<FaultJob> {
    const found = (await jobs()).find((row) => row.id === id);
    if (found === undefined) {
      throw new Error(`there is no job ${id}`);
    }
    return found;
  }

  return {
    database,
    worker,
    logLines: () => [...started].flatMap(({ logLines }) => logLines),
    job,
    jobs,
    keepWorker,
    async accept(type, payload) {
      const id = newId();
      await acceptJobs(database, [newJob(id, type, payload)]);
      notifier.notify();
      return id;
    },
    load: () => startLoad(database, () => notifier.notify()),
    until: (id, state) =>
      vi.waitFor(async () => {
        const row = await job(id);
        expect(row.state).toBe(state);
        return row;
      }, patience),
    noted: (n) =>
      database.query<NotedAttempt & Record<string, unknown>>(
        sql`select attempt, pid from fault_attempts where n = ${n} order by at`,
      ),
    async outcomes(id) {
      const rows = await database.query<{ outcome: string }>(
        sql`select outcome from job_attempts where job_id = ${id} order by attempt`,
      );
      return rows.map(({ outcome }) => outcome);
    },
    async openGate(n) {
      await database.query(sql`insert into fault_gates (n) values (${n})`);
    },
    settled: () =>
      vi.waitFor(
        async () => {
          const rows = await jobs();
          expect(rows.filter(({ state }) => !ended.includes(state))).toEqual([]);
          return rows;
        },
        { ...patience, interval: 200 },
      ),
    async clear() {
      isClearing = true;
      await Promise.all([...started].map((program) => program.end()));
      started.clear();
      isClearing = false;
      await database.query(sql`delete from jobs`);
    },
    async close() {
      await database.close();
      await on.database.drop();
    },
  };
}

function openPool(url: string): Database {
  return createDatabase({
    url,
    applicationName: 'test',
    pool: { max: 4, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 2_000,
  });
}

/** None of them is unique in anything: what is written twice is there twice. */
async function createTables(url: string): Promise<void> {
  const admin = openPool(url);
  await admin.query(sql`create table fault_effects (n int not null, attempt int not null)`);
  await admin.query(
    sql`create table fault_attempts (n int not null, attempt int not null, pid int not null,
      at timestamptz not null default clock_timestamp())`,
  );
  await admin.query(sql`create table fault_gates (n int not null)`);
  await admin.query(sql`grant select, insert on fault_effects, fault_attempts, fault_gates to taskflow_app`);
  await admin.close();
}

function startLoad(database: Database, notify: () => void): Load {
  const accepted: string[] = [];
  const stopped = new AbortController();

  async function acceptBatch(): Promise<void> {
    const batch = Array.from({ length: batchSize }, () => newJob(newId(), faultWrite, { n: nextN() }));
    // without an answer nobody knows whether they are accepted: they may exist, and they may not
    const ids = await acceptJobs(database, batch).catch(() => []);
    accepted.push(...ids);
    notify();
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const next = new Promise((resolve) => setTimeout(resolve, batchEveryMs));
      await acceptBatch();
      await next;
    }
  }

  const running = run();
  return {
    accepted,
    async more(count) {
      const goal = accepted.length + count;
      await vi.waitFor(() => expect(accepted.length).toBeGreaterThanOrEqual(goal), patience);
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

/** How often each state, with its reason, occurs among the jobs; and that each effect is there just when it should. */
export function summary(jobs: readonly FaultJob[], accepted: readonly string[]): Record<string, unknown> {
  const known = new Set(jobs.map(({ id }) => id));
  return {
    lost: accepted.filter((id) => !known.has(id)),
    unfinished: jobs.filter(({ state, reason }) => state !== 'succeeded' && reason === null),
    twice: jobs.filter(({ effects }) => effects > 1),
    without: jobs.filter(({ state, effects }) => state === 'succeeded' && effects === 0),
    tooMuch: jobs.filter(({ state, effects }) => state !== 'succeeded' && effects > 0),
    quarantined: jobs.filter(({ state }) => state === 'quarantined'),
  };
}

/** {@link summary} when nothing went wrong and nothing is kept apart. */
export const allWell = { lost: [], unfinished: [], twice: [], without: [], tooMuch: [], quarantined: [] };
