import { systemClock } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { Attempt } from '../engine/attempt.ts';
import { createAttemptRunner } from '../engine/attempt-runner.ts';
import { createJudge } from '../engine/judge.ts';
import type { ClaimedJob } from '../engine/run-queries.ts';
import { createTempo } from '../engine/tempo.ts';
import { resolveSettings } from '../engine/settings.ts';
import type { AnyJobHandler } from '../job-handler.ts';

const settings = resolveSettings({ concurrency: 20, maxAttempts: 3, retryDelayMs: 5_000 });

/** Runs attempts as an engine does, with nobody who claims them and writes their ends down. To measure what that costs. */
export function createBareAttempts(breakers: Breakers): (handler: AnyJobHandler, job: ClaimedJob) => Promise<void> {
  const running = new Set<Attempt>();
  const isCurrent = Promise.resolve(true);
  const shared = {
    settings,
    clock: systemClock,
    random: Math.random,
    onEvent: () => undefined,
    recorder: {
      succeeded: () => isCurrent,
      failed: () => Promise.resolve(undefined),
      size: 0,
      drained: () => Promise.resolve(),
    },
  };
  const judge = createJudge({ ...shared, breakers, onRetryIn: () => undefined });
  const { attend, run } = createAttemptRunner({
    ...shared,
    judge,
    running,
    tempo: createTempo(),
    runInContext: undefined,
    onStarted: () => undefined,
    closed: new AbortController().signal,
  });
  return (handler, job) => {
    const { attempt, ended } = attend(handler, job);
    run(handler, attempt);
    return ended;
  };
}

/** A job that was claimed with its first attempt. */
export function claimedJob(type: string, payload: unknown): ClaimedJob {
  return {
    id: '00000000-0000-7000-8000-000000000000',
    state: 'running',
    type,
    scope: '',
    priority: 'default',
    payload,
    attempt: 1,
    tries: 1,
    isProbe: false,
    workspaceId: null,
    requestedBy: null,
    taskId: null,
    requestId: null,
    traceParent: null,
    createdAt: new Date(0),
    waitedMs: 0,
  };
}
