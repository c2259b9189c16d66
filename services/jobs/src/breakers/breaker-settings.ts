import type { CircuitSettings } from '@taskflow/resilience';
import type { BreakerSettings } from './breakers.ts';

const longestCooldownMs = 15 * 60_000;
const defaultProbeLeaseMs = 2 * 60_000;

/** Settings with everything filled in that a type left open. */
export function circuitSettings(settings: BreakerSettings): CircuitSettings {
  const { failureThreshold, cooldownMs, maxCooldownMs, probeLeaseMs } = settings;
  return {
    failureThreshold,
    cooldownMs,
    maxCooldownMs: Math.max(maxCooldownMs ?? longestCooldownMs, cooldownMs),
    probeLeaseMs: probeLeaseMs ?? defaultProbeLeaseMs,
  };
}
