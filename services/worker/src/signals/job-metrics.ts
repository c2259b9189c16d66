import { metricNames } from '@taskflow/contract/platform';
import type { OnEngineEvent } from '@taskflow/jobs';
import type { Metrics } from '@taskflow/telemetry';

/** From a statement to a report: 5 ms to 10 min. */
const attemptBuckets = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30, 60, 300, 600];

/** From at once to an hour late. */
const waitBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3_600];

/** Counts what an engine does. Labels are types, codes and states, never ids. */
export function createJobMetrics(metrics: Metrics): OnEngineEvent {
  const { attempts, waits, failures, ...others } = declare(metrics);
  return (event) => {
    switch (event.kind) {
      case 'started':
        waits.observe({ type: event.type }, Math.max(0, event.waitedMs) / 1_000);
        break;
      case 'ended': {
        const { type, outcome, code } = event;
        attempts.observe({ type, outcome }, event.durationMs / 1_000);
        if (code !== undefined) {
          failures.inc({ type, code });
        }
        break;
      }
      case 'dispatched':
        others.dispatched.inc({ transport: event.transport }, event.count);
        break;
      case 'held':
        others.held.inc({ type: event.type, state: event.state });
        break;
      case 'recovered':
        others.recovered.inc({ what: event.what }, event.count);
        break;
      case 'abandoned':
        others.abandoned.inc({ type: event.type });
        break;
      case 'transport':
        others.transport.reset();
        others.transport.set({ transport: event.to }, 1);
        break;
      case 'fault':
        break;
    }
  };
}

function declare(metrics: Metrics) {
  return {
    attempts: metrics.histogram({
      name: metricNames.jobAttemptDurationSeconds,
      help: 'Time that attempts of jobs took, by what became of the job.',
      labels: ['type', 'outcome'],
      buckets: attemptBuckets,
    }),
    waits: metrics.histogram({
      name: metricNames.jobWaitSeconds,
      help: 'Time from when a job was due until its handler started.',
      labels: ['type'],
      buckets: waitBuckets,
    }),
    failures: metrics.counter({
      name: metricNames.jobFailuresTotal,
      help: 'Attempts of jobs that failed, by code of the error.',
      labels: ['type', 'code'],
    }),
    dispatched: metrics.counter({
      name: metricNames.jobsDispatchedTotal,
      help: 'Jobs that were handed to a transport.',
      labels: ['transport'],
    }),
    held: metrics.counter({
      name: metricNames.jobsHeldTotal,
      help: 'Jobs that were not run when it was their turn: expired, or kept back by a circuit breaker.',
      labels: ['type', 'state'],
    }),
    recovered: metrics.counter({
      name: metricNames.jobsRecoveredTotal,
      help: 'Jobs that were dispatched again because a worker or a delivery got lost.',
      labels: ['what'],
    }),
    abandoned: metrics.counter({
      name: metricNames.jobsAbandonedTotal,
      help: 'Handlers that did not end although they were told to.',
      labels: ['type'],
    }),
    transport: metrics.gauge({
      name: metricNames.jobTransportActive,
      help: '1 for what carries jobs now.',
      labels: ['transport'],
    }),
  };
}
