import { metricNames } from '@taskflow/contract/platform';
import type { Metrics } from '@taskflow/telemetry';
import type { Database, QueryInfo } from './database.ts';

/** Counts statements by their name; those without one are many and share a label. */
export function statementMetrics(metrics: Metrics): (info: QueryInfo) => void {
  const duration = metrics.histogram({
    name: metricNames.databaseStatementDurationSeconds,
    help: 'Time from sending a statement to its last row.',
    labels: ['statement', 'outcome'],
  });
  return ({ name = 'unnamed', durationMs, error }) =>
    duration.observe({ statement: name, outcome: error === undefined ? 'ok' : 'error' }, durationMs / 1_000);
}

/** Shows what the pool does when scraped. */
export function poolMetrics(metrics: Metrics, database: Pick<Database, 'stats'>): void {
  metrics.gauge({
    name: metricNames.databasePoolConnections,
    help: 'Connections to PostgreSQL by state.',
    labels: ['state'],
    collect(gauge) {
      const { used, free } = database.stats();
      gauge.set({ state: 'used' }, used);
      gauge.set({ state: 'free' }, free);
    },
  });
  metrics.gauge({
    name: metricNames.databasePoolWaiting,
    help: 'Callers that wait for a connection to PostgreSQL.',
    collect: (gauge) => gauge.set(database.stats().waiting),
  });
}
