import { createDatabase, type Database, sql } from '@taskflow/db';
import { newId } from '@taskflow/domain';
import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import { systemClock } from '@taskflow/resilience';
import { createMetrics } from '@taskflow/telemetry';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { queueWatchPart } from './queue-watch.ts';

const never = new AbortController().signal;

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const insert = (priority: string, state: string, minutes: number, reason: string | null = null) =>
  database.query(sql`
    insert into jobs (id, type, priority, payload, state, run_at, reason)
    values (${newId()}, 'test.x', ${priority}::job_priority, '{}', ${state}::job_state,
      now() - make_interval(mins => ${minutes}::int), ${reason}::quarantine_reason)`);

describe('the watch over the queues', () => {
  it('shows what waits and since when, and what is quarantined and why; what is gone counts as none', async () => {
    await insert('default', 'pending', 1);
    await insert('default', 'pending', 10);
    await insert('bulk', 'scheduled', -5);
    await insert('critical', 'quarantined', 60, 'breaker');
    const metrics = createMetrics();
    const watch = queueWatchPart({
      executor: database,
      metrics,
      clock: systemClock,
      onError: (error) => expect.fail(String(error)),
      intervalMs: 10,
    });
    await watch.start?.(never);
    await vi.waitFor(async () => {
      const text = await metrics.registry.metrics();
      expect(text).toContain('taskflow_jobs_waiting{priority="default"} 2');
      expect(text).toContain('taskflow_jobs_waiting{priority="bulk"} 0');
      expect(text).toMatch(/taskflow_jobs_oldest_waiting_seconds\{priority="default"\} 60\d(\.\d+)?\n/);
      expect(text).toContain('taskflow_jobs_quarantined{reason="breaker"} 1');
      expect(text).toContain('taskflow_jobs_quarantined{reason="poison"} 0');
    });
    await database.query(sql`delete from jobs`);
    await vi.waitFor(async () =>
      expect(await metrics.registry.metrics()).toContain('taskflow_jobs_waiting{priority="default"} 0'),
    );
    await watch.stop?.(never);
  });

  it('goes on after PostgreSQL could not be asked', async () => {
    const errors: unknown[] = [];
    let failures = 2;
    const watch = queueWatchPart({
      executor: {
        query: (statement, options) =>
          failures-- > 0 ? Promise.reject(new Error('away')) : database.query(statement, options),
      },
      metrics: createMetrics(),
      clock: systemClock,
      onError: (error) => errors.push(error),
      intervalMs: 1,
    });
    await watch.start?.(never);
    await vi.waitFor(() => expect(failures).toBeLessThan(0));
    await watch.stop?.(never);
    expect(errors).toHaveLength(2);
  });
});
