import { randomUUID } from 'node:crypto';
import { createDatabase, type Database, sql } from '@taskflow/db';
import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { acceptJobs, type JobOptions, type NewJob, newJob } from '../accept.ts';
import { type Breakers, type Gate, scopeKey } from '../breakers/breakers.ts';
import { createJobEngine, engineDatabaseParameters, type JobEngine, type JobEngineOptions } from '../engine/engine.ts';
import type { EngineEvent } from '../engine/engine-events.ts';
import { type AnyJobHandler, type HandleJob, handleJob } from '../job-handler.ts';
import { defineJobType, type JobType } from '../job-type.ts';
import { createDirectTransport } from '../transport/direct-transport.ts';

/** What jobs in tests carry. */
export interface TestPayload {
  readonly n: number;
}

const payload = z.strictObject({ n: z.int() });

/** A type of job for tests. */
export function testType(name: string, options: Partial<JobType<TestPayload>> = {}): JobType<TestPayload> {
  return defineJobType({ name, payload, priority: 'default', timeoutMs: 10_000, ...options });
}

/** A handler of a test type. @default one that succeeds */
export function testHandler(
  type: JobType<TestPayload>,
  handle: HandleJob<TestPayload> = () => Promise.resolve(undefined),
): AnyJobHandler {
  return handleJob(type, handle);
}

/** Breakers that tests open and close by hand. */
export interface FakeBreakers extends Breakers {
  open(type: string, scope: string, code: string): void;
  close(): void;
  /** Calls, as in `failed email.send@smtp HTTP_503`. */
  readonly calls: string[];
}

/** Creates breakers with no gate. */
export function createFakeBreakers(): FakeBreakers {
  let gates: Gate[] = [];
  const calls: string[] = [];
  return {
    calls,
    open(type, scope, code) {
      const key = scopeKey({ type, scope });
      gates.push({ scopeKey: key, breakerKey: `${key}:${code}` });
    },
    close() {
      gates = [];
    },
    gates: () => gates,
    gateOf: (scope) => gates.find((gate) => gate.scopeKey === scopeKey(scope)),
    succeeded: (scope) => void calls.push(`succeeded ${scopeKey(scope)}`),
    failed: (scope, code) => void calls.push(`failed ${scopeKey(scope)} ${code}`),
    probeReturned: (scope) => void calls.push(`returned ${scopeKey(scope)}`),
  };
}

/** A job's row, as far as tests look. */
export interface JobRow {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly tries: number;
  readonly reason: string | null;
  readonly breakerKey: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly fingerprint: string | null;
  readonly discardReason: string | null;
  readonly result: unknown;
  readonly priority: string;
  readonly worker: string | null;
}

/** An engine under test, with what it told. */
export interface TestEngine {
  readonly engine: JobEngine;
  readonly events: EngineEvent[];
  readonly breakers: FakeBreakers;
  /** Stops it, once. */
  stop(): Promise<void>;
}

/** A database of a test file's own, and engines on it. */
export interface EngineWorld {
  readonly database: Database;
  readonly url: string;
  /** Starts an engine on the direct transport, with fast settings. Stopped by `clear`. */
  start(handlers: readonly AnyJobHandler[], options?: Partial<JobEngineOptions>): Promise<TestEngine>;
  /** Accepts jobs; answers their ids. */
  accept(type: JobType<TestPayload>, count: number, options?: JobOptions): Promise<string[]>;
  /** Inserts a workspace. */
  workspace(): Promise<string>;
  row(id: string): Promise<JobRow>;
  rows(): Promise<JobRow[]>;
  /** How attempts of a job that did not succeed ended, in order. */
  attempts(id: string): Promise<string[]>;
  /** Resolves when every job is in one of the states. @default all succeeded */
  settled(...states: string[]): Promise<JobRow[]>;
  /** Resolves when the job is in the state; answers its row. */
  until(id: string, state: string): Promise<JobRow>;
  /** Stops the engines and removes the jobs. For `afterEach`. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** How long tests wait for what they expect. */
export const patience = { timeout: 6_000, interval: 15 };

/** A promise that tests settle by hand. */
export interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

/** Creates a latch that is shut. */
export function createLatch(): Latch {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

function openPool(url: string, parameters: Record<string, string> = {}): Database {
  return createDatabase({
    url,
    applicationName: 'test',
    pool: { max: 8, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
    parameters,
  });
}

const rowColumns = sql`id, state, attempt, tries, reason, breaker_key as "breakerKey", error_code as "errorCode",
  error_message as "errorMessage", fingerprint, discard_reason as "discardReason", result, priority, worker`;

/** Opens a database, a new one unless it is given; `close` it in `afterAll`. */
export async function createEngineWorld(given?: TestDatabase): Promise<EngineWorld> {
  const testDatabase = given ?? (await createTestDatabase());
  const url = testDatabase.urls.app;
  const database = openPool(url);
  const engineDatabase = openPool(url, engineDatabaseParameters);
  const engines = new Set<TestEngine>();

  function readRows(): Promise<JobRow[]> {
    return database.query<JobRow & Record<string, unknown>>(sql`select ${rowColumns} from jobs order by id`);
  }

  async function readRow(id: string): Promise<JobRow> {
    const rows = await database.query<JobRow & Record<string, unknown>>(
      sql`select ${rowColumns} from jobs where id = ${id}`,
    );
    const [row] = rows;
    if (row === undefined) {
      throw new Error(`there is no job ${id}`);
    }
    return row;
  }

  async function start(handlers: readonly AnyJobHandler[], options: Partial<JobEngineOptions> = {}) {
    const events: EngineEvent[] = [];
    const breakers = createFakeBreakers();
    const engine = createJobEngine({
      database: engineDatabase,
      handlers,
      transports: [createDirectTransport()],
      breakers,
      workerName: `worker-${randomUUID()}`,
      listen: { url, connectTimeoutMs: 5_000 },
      onEvent: (event) => void events.push(event),
      ...options,
      settings: {
        concurrency: 20,
        maxAttempts: 3,
        retryDelayMs: 10,
        pollIntervalMs: 100,
        reconcileIntervalMs: 50,
        abortGraceMs: 300,
        shutdownGraceMs: 200,
        ...options.settings,
      },
    });
    await engine.start();
    const started: TestEngine = {
      engine,
      events,
      breakers,
      async stop() {
        if (engines.delete(started)) {
          await engine.stop(AbortSignal.timeout(10_000));
        }
      },
    };
    engines.add(started);
    return started;
  }

  return {
    database,
    url,
    start,
    async accept(type, count, options) {
      const jobs: NewJob[] = Array.from({ length: count }, (_, n) => newJob(randomUUID(), type, { n }, options));
      const accepted = await acceptJobs(database, jobs);
      await database.query(sql`select pg_notify('taskflow_jobs', '')`);
      return accepted;
    },
    async workspace() {
      const id = randomUUID();
      await database.query(sql`insert into workspaces (id, slug, name) values (${id}, ${`w-${id}`}, 'W')`);
      return id;
    },
    row: readRow,
    rows: readRows,
    async attempts(id) {
      const rows = await database.query<{ outcome: string }>(
        sql`select outcome from job_attempts where job_id = ${id} order by attempt`,
      );
      return rows.map(({ outcome }) => outcome);
    },
    async settled(...states) {
      const wanted = states.length === 0 ? ['succeeded'] : states;
      return vi.waitFor(async () => {
        const rows = await readRows();
        expect(rows.filter(({ state }) => !wanted.includes(state))).toEqual([]);
        return rows;
      }, patience);
    },
    until(id, state) {
      return vi.waitFor(async () => {
        const row = await readRow(id);
        expect(row.state).toBe(state);
        return row;
      }, patience);
    },
    async clear() {
      for (const engine of engines) {
        await engine.stop();
      }
      await database.query(sql`delete from jobs`);
      await database.query(sql`delete from job_type_settings`);
    },
    async close() {
      await engineDatabase.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}
