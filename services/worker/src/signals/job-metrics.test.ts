import { createMetrics, type Metrics } from '@taskflow/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { createJobMetrics } from './job-metrics.ts';

let metrics: Metrics;

beforeEach(() => {
  metrics = createMetrics();
});

async function samples(): Promise<string[]> {
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('taskflow_job'));
}

describe('the metrics of jobs', () => {
  it('count attempts by what became of the job, failures by code, and how long jobs waited', async () => {
    const onEvent = createJobMetrics(metrics);
    const failed = {
      kind: 'ended',
      type: 'test.x',
      jobId: 'j',
      attempt: 1,
      durationMs: 250,
      error: undefined,
    } as const;
    for (let turn = 0; turn < 3; turn += 1) {
      onEvent({ kind: 'started', type: 'test.x', waitedMs: 20 });
    }
    onEvent({ ...failed, outcome: 'succeeded', code: undefined, reason: undefined });
    onEvent({ ...failed, outcome: 'quarantined', code: 'HTTP_503', reason: 'exhausted' });
    const lines = await samples();
    expect(lines).toContain('taskflow_job_attempt_duration_seconds_count{type="test.x",outcome="succeeded"} 1');
    expect(lines).toContain('taskflow_job_attempt_duration_seconds_sum{type="test.x",outcome="quarantined"} 0.25');
    expect(lines).toContain('taskflow_job_failures_total{type="test.x",code="HTTP_503"} 1');
    expect(lines).toContain('taskflow_job_wait_seconds_count{type="test.x"} 3');
  });

  it('count what was dispatched, held back and recovered, and show what carries jobs', async () => {
    const onEvent = createJobMetrics(metrics);
    onEvent({ kind: 'dispatched', count: 7, transport: 'bee-queue' });
    onEvent({ kind: 'held', type: 'test.x', state: 'discarded' });
    onEvent({ kind: 'recovered', what: 'stale', count: 2 });
    onEvent({ kind: 'abandoned', type: 'test.x', jobId: 'j' });
    onEvent({ kind: 'transport', from: undefined, to: 'bee-queue' });
    onEvent({ kind: 'transport', from: 'bee-queue', to: 'direct' });
    const lines = await samples();
    expect(lines).toContain('taskflow_jobs_dispatched_total{transport="bee-queue"} 7');
    expect(lines).toContain('taskflow_jobs_held_total{type="test.x",state="discarded"} 1');
    expect(lines).toContain('taskflow_jobs_recovered_total{what="stale"} 2');
    expect(lines).toContain('taskflow_jobs_abandoned_total{type="test.x"} 1');
    expect(lines.filter((line) => line.startsWith('taskflow_job_transport'))).toEqual([
      'taskflow_job_transport_active{transport="direct"} 1',
    ]);
  });
});
