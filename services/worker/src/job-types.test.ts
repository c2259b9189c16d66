import { createDatabase } from '@taskflow/db';
import { jobTypes } from '@taskflow/domain';
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

afterAll(async () => {
  worker.close();
  await database.close();
});

describe('what operators know of types of jobs', () => {
  it('is what this release runs, no more and no less, with the same limits', () => {
    const facts = (types: typeof jobTypes) =>
      types
        .map(({ name, priority, concurrency }) => ({ name, priority, concurrency }))
        .toSorted((a, b) => a.name.localeCompare(b.name));
    expect(facts(jobTypes)).toEqual(facts(worker.handlers.map(({ type }) => type)));
  });
});
