import type { metricNames } from '@taskflow/contract/platform';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A metric that the contract knows. */
export type MetricName = (typeof metricNames)[keyof typeof metricNames];

/** What every metric declares. Labels must have few values: route patterns, never ids. */
export interface MetricOptions<Label extends string> {
  readonly name: MetricName;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** The metrics of one process. */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string>(options: MetricOptions<Label>): Counter<Label>;
  /** With `collect`, the value is read when scraped. */
  gauge<Label extends string>(
    options: MetricOptions<Label> & { readonly collect?: (gauge: Gauge<Label>) => void },
  ): Gauge<Label>;
  /** @default buckets from 1 ms to 10 s */
  histogram<Label extends string>(
    options: MetricOptions<Label> & { readonly buckets?: readonly number[] },
  ): Histogram<Label>;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Creates a registry of its own, filled with what Node and the operating system tell about the
 * process (`taskflow_process_*`, `taskflow_nodejs_*`: CPU, memory, event-loop lag, collections).
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'taskflow_', eventLoopMonitoringPrecision: 20 });
  const registers = [registry];
  return {
    registry,
    counter: ({ name, help, labels = [] }) => new Counter({ name, help, labelNames: labels, registers }),
    gauge({ name, help, labels = [], collect }) {
      return new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(collect !== undefined && {
          collect() {
            collect(this);
          },
        }),
      });
    },
    histogram: ({ name, help, labels = [], buckets = secondsBuckets }) =>
      new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }),
  };
}
