import { jobPriorities, quarantineReasons } from '@taskflow/contract/jobs';
import { metricNames } from '@taskflow/contract/platform';
import { type Executor, sql } from '@taskflow/db';
import type { Clock, LifecyclePart } from '@taskflow/resilience';
import type { Metrics } from '@taskflow/telemetry';

/** Options of {@link queueWatchPart}. */
export interface QueueWatchOptions {
  readonly executor: Executor;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Told when PostgreSQL could not be asked. Must not throw. */
  readonly onError: (error: unknown) => void;
  /** @default 15 s, as often as metrics are usually read */
  readonly intervalMs?: number;
}

interface QueueRow {
  readonly kind: 'waiting' | 'quarantined';
  readonly label: string;
  readonly count: number;
  readonly oldest_seconds: number;
}

/**
 * Counts what waits, cluster-wide: every worker shows the same. Asked for now and then and not by each scrape, so that
 * nobody who reads metrics costs the database anything.
 */
export function queueWatchPart({ executor, metrics, clock, onError, ...options }: QueueWatchOptions): LifecyclePart {
  const gauges = declare(metrics);
  const leaving = new AbortController();
  let watching: Promise<void> | undefined;

  async function look(): Promise<void> {
    const rows = await countQueues(executor);
    const of = (kind: QueueRow['kind'], label: string) => rows.find((row) => row.kind === kind && row.label === label);
    for (const priority of jobPriorities) {
      const row = of('waiting', priority);
      gauges.waiting.set({ priority }, row?.count ?? 0);
      gauges.oldest.set({ priority }, row?.oldest_seconds ?? 0);
    }
    for (const reason of quarantineReasons) {
      gauges.quarantined.set({ reason }, of('quarantined', reason)?.count ?? 0);
    }
  }

  async function watch(): Promise<void> {
    while (!leaving.signal.aborted) {
      await look().catch(onError);
      await clock.sleep(options.intervalMs ?? 15_000, leaving.signal).catch(() => undefined);
    }
  }

  return {
    name: 'queue watch',
    start() {
      watching = watch();
      return Promise.resolve();
    },
    async stop() {
      leaving.abort();
      await watching;
    },
  };
}

function declare(metrics: Metrics) {
  return {
    waiting: metrics.gauge({
      name: metricNames.jobsWaiting,
      help: 'Jobs that may run now and are not with a worker yet, in the whole cluster.',
      labels: ['priority'],
    }),
    oldest: metrics.gauge({
      name: metricNames.jobsOldestWaitingSeconds,
      help: 'For how long the job that has waited longest may run.',
      labels: ['priority'],
    }),
    quarantined: metrics.gauge({
      name: metricNames.jobsQuarantined,
      help: 'Jobs that wait for their circuit breaker or for a person, in the whole cluster.',
      labels: ['reason'],
    }),
  };
}

function countQueues(executor: Executor): Promise<QueueRow[]> {
  return executor.query<QueueRow>(
    sql`
      select 'waiting' as kind, priority::text as label, count(*)::int as count,
        extract(epoch from greatest(now() - min(run_at), interval '0'))::float8 as oldest_seconds
      from jobs where state = 'pending' group by priority
      union all
      select 'quarantined', reason::text, count(*)::int, 0 from jobs where state = 'quarantined' group by reason`,
    { name: 'jobs-count-queues' },
  );
}
