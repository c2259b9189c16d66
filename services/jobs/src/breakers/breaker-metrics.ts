import { metricNames } from '@taskflow/contract/platform';
import type { Metrics } from '@taskflow/telemetry';
import { parseScopeKey } from './breakers.ts';
import type { GateCache } from './gate-cache.ts';

/** Shows how many scopes are gated, by type, error code and state; read when scraped. */
export function registerBreakerMetrics(metrics: Metrics, cache: GateCache): void {
  metrics.gauge({
    name: metricNames.breakersOpen,
    help: 'Scopes that a circuit breaker gates, as this process knows; all workers know of the same.',
    labels: ['type', 'code', 'state'],
    collect(gauge) {
      gauge.reset();
      for (const [scopeKey, { circuits }] of cache.entries()) {
        for (const { code, state } of circuits) {
          gauge.inc({ type: parseScopeKey(scopeKey).type, code, state });
        }
      }
    },
  });
}
