import type { EngineEvent, RunningJob } from '@taskflow/jobs';
import { createLogger } from '@taskflow/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createJobContexts, type JobContexts } from './job-contexts.ts';
import { createJobLog } from './job-log.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const runningJob: RunningJob = {
  id: 'j1',
  type: 'test.x',
  attempt: 2,
  workspaceId: 'w1',
  requestedBy: 'u1',
  taskId: undefined,
  requestId: 'request-1',
  traceParent: `00-${traceId}-b7ad6b7169203331-01`,
  createdAt: new Date(0),
  signal: new AbortController().signal,
  progress: () => undefined,
  completeIn: () => Promise.resolve(),
};
type Ended = Extract<EngineEvent, { kind: 'ended' }>;
const ended = (more: Partial<Ended> = {}): Ended => ({
  kind: 'ended',
  type: 'test.x',
  jobId: 'j1',
  attempt: 2,
  outcome: 'succeeded',
  durationMs: 12.3456,
  code: undefined,
  reason: undefined,
  error: undefined,
  ...more,
});

let lines: Record<string, unknown>[];
let contexts: JobContexts;
let onEvent: (event: EngineEvent) => void;
let log: ReturnType<typeof createLogger>;

beforeEach(() => {
  lines = [];
  log = createLogger({
    service: 'test',
    level: 'info',
    destination: { write: (line) => lines.push(z.record(z.string(), z.unknown()).parse(JSON.parse(line))) },
  });
  contexts = createJobContexts();
  onEvent = createJobLog({ log, takeContext: contexts.take });
});

const run = (job: RunningJob = runningJob) =>
  contexts.run(job, () => {
    log.info({}, 'inside');
    return Promise.resolve(undefined);
  });

describe('the log of jobs', () => {
  it('has one line an attempt, with the ids of what caused it', async () => {
    await run();
    onEvent(ended());
    const ids = { requestId: 'request-1', traceId, workspaceId: 'w1', userId: 'u1' };
    expect(lines).toEqual([
      expect.objectContaining({ message: 'inside', ...ids }),
      expect.objectContaining({
        ...ids,
        level: 'info',
        message: 'job',
        jobId: 'j1',
        type: 'test.x',
        attempt: 2,
        outcome: 'succeeded',
        durationMs: 12.35,
      }),
    ]);
  });

  it('takes the job for the cause of what no request caused', async () => {
    await run({ ...runningJob, requestId: undefined, traceParent: undefined, workspaceId: undefined });
    expect(lines).toEqual([
      expect.objectContaining({ requestId: 'j1', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) }),
    ]);
    expect(lines[0]).not.toHaveProperty('workspaceId');
  });

  it('tells two attempts of one job apart', async () => {
    await run();
    await run({ ...runningJob, attempt: 3, requestId: 'request-3' });
    onEvent(ended({ outcome: 'superseded' }));
    onEvent(ended({ attempt: 3 }));
    expect(lines.slice(2)).toMatchObject([{ requestId: 'request-1' }, { requestId: 'request-3' }]);
  });

  it('forgets the context of what has ended', async () => {
    await run();
    onEvent(ended());
    onEvent(ended());
    expect(lines[2]).not.toHaveProperty('requestId');
  });

  it('shows an error in full when nobody foresaw it, or when it is kept for people', () => {
    const error = new Error('broken');
    onEvent(ended({ outcome: 'retrying', code: 'HTTP_503', error }));
    onEvent(ended({ outcome: 'retrying', code: 'UNKNOWN', error }));
    onEvent(ended({ outcome: 'quarantined', code: 'HTTP_503', reason: 'exhausted', error }));
    expect(lines).toMatchObject([
      { level: 'warn', outcome: 'retrying', errorCode: 'HTTP_503' },
      { level: 'warn', outcome: 'retrying', errorCode: 'UNKNOWN', err: { message: 'broken' } },
      {
        level: 'error',
        outcome: 'quarantined',
        errorCode: 'HTTP_503',
        reason: 'exhausted',
        err: { message: 'broken' },
      },
    ]);
    expect(lines[0]).not.toHaveProperty('err');
  });

  it('tells what an operator should know, and is silent about the rest', () => {
    onEvent({ kind: 'transport', from: 'bee-queue', to: 'direct' });
    onEvent({ kind: 'recovered', what: 'lost', count: 3 });
    onEvent({ kind: 'abandoned', type: 'test.x', jobId: 'j1' });
    onEvent({ kind: 'fault', where: 'push', error: new Error('away') });
    onEvent({ kind: 'started', type: 'test.x', waitedMs: 1 });
    onEvent({ kind: 'dispatched', count: 4, transport: 'direct' });
    expect(lines.map(({ message }) => message)).toEqual([
      'jobs are carried another way',
      'jobs are dispatched again',
      'a job does not end although it was told to',
      'job engine',
    ]);
  });
});
