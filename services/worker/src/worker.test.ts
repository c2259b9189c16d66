import { jobPriorities } from '@taskflow/contract/jobs';
import { createDatabase } from '@taskflow/db';
import { timingProblem } from '@taskflow/jobs';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorker } from './worker.ts';

/** Nothing is asked of it here, so that it never connects. */
const database = createDatabase({
  url: 'postgres://nobody@127.0.0.1:1/nowhere',
  applicationName: 'test',
  pool: { max: 1, acquireTimeoutMs: 1_000 },
  statementTimeoutMs: 1_000,
  connectTimeoutMs: 1_000,
});
const worker = createWorker({
  storage: { kind: 'postgres' },
  database,
  wakeUps: { publish: () => undefined },
  allowedCidrs: [],
  version: '0.0.0',
  publicUrl: 'http://taskflow.test',
  mail: { smtpUrl: undefined, from: 'taskflow@taskflow.test' },
  onAccepted: () => undefined,
});
const types = worker.handlers.map(({ type }) => type);

afterAll(async () => {
  worker.close();
  await database.close();
});

describe('the worker', () => {
  it('has one handler for each type of job', () => {
    const names = types.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(types.map((type) => [type.name, type] as const))('knows how %s is to be run', (name, type) => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
    expect(jobPriorities).toContain(type.priority);
    expect(type.timeoutMs).toBeGreaterThan(0);
    expect(type.concurrency ?? 1).toBeGreaterThan(0);
  });

  it.each(worker.schedules.map((schedule) => [schedule.key, schedule] as const))(
    'can run what %s asks for',
    (_, schedule) => {
      const type = types.find(({ name }) => name === schedule.type);
      expect(type?.payload.safeParse(schedule.payload)).toMatchObject({ success: true });
      expect(timingProblem(schedule)).toBeUndefined();
    },
  );

  it('has schedules of different names', () => {
    expect(new Set(worker.schedules.map(({ key }) => key)).size).toBe(worker.schedules.length);
  });
});
