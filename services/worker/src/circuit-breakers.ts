import type { WorkerConfig } from '@taskflow/config';
import type { Database } from '@taskflow/db';
import {
  type BreakerSettings,
  createBreakerReconciler,
  createBreakers,
  createBreakerStore,
  createTransitionLog,
  type JobType,
  type ReconcileStep,
  type SharedBreakers,
} from '@taskflow/jobs';
import type { Redis, WakeUpChannel } from '@taskflow/redis';
import type { Logger, Metrics } from '@taskflow/telemetry';

/** What circuit breakers are put together from. */
export interface CircuitBreakerOptions {
  readonly defaults: WorkerConfig['jobs']['defaults'];
  readonly types: readonly JobType[];
  readonly database: Database;
  readonly redis: Redis;
  readonly wakeUps: WakeUpChannel;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Jobs may go on. Must not throw. */
  readonly onReleased: () => void;
}

/** The circuit breakers of a worker, and what has to be done about them. */
export interface CircuitBreakers {
  readonly breakers: SharedBreakers;
  /** Probes, releases and forced modes, for the reconciler. */
  readonly steps: readonly ReconcileStep[];
  /** Reports and writes down what is not yet known. */
  close(): Promise<void>;
}

/** How much longer than its handler a probe may be under way: until it starts, and until its end is written down. */
const probeSlackMs = 60_000;

/** Puts the circuit breakers together; nothing happens before they are started. */
export function createCircuitBreakers(options: CircuitBreakerOptions): CircuitBreakers {
  const { database: executor, log: logger, metrics, redis, wakeUps, onReleased } = options;
  const settings = breakerSettingsOf(options);
  const store = createBreakerStore({ redis });
  const log = createTransitionLog({ executor, logger, metrics, now: () => performance.now() });
  const breakers = createBreakers({ store, wakeUps, executor, log, settings, logger, metrics });
  return {
    breakers,
    steps: createBreakerReconciler({ store, log, settings, onReleased }),
    async close() {
      await breakers.close();
      await log.close();
    },
  };
}

/** What a type says about its breakers, else what the instance is configured to. */
function breakerSettingsOf({ defaults, types }: CircuitBreakerOptions): (type: string) => BreakerSettings {
  const { failureThreshold, cooldownMs } = defaults;
  const known = new Map(
    types.map(({ name, breaker, timeoutMs }): [string, BreakerSettings] => [
      name,
      { failureThreshold, cooldownMs, probeLeaseMs: timeoutMs + probeSlackMs, ...breaker },
    ]),
  );
  return (type) => known.get(type) ?? { failureThreshold, cooldownMs };
}
