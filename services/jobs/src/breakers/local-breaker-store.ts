import {
  type CircuitEvent,
  type CircuitGroup,
  type CircuitMode,
  type CircuitSettings,
  circuitGate,
  cleanCircuits,
  stepCircuits,
} from '@taskflow/resilience';
import type { BreakerEvent, BreakerOutcome, ScopeGate } from './breaker-event.ts';
import { type BreakerScope, scopeKey } from './breakers.ts';

/** The breakers of one worker alone, which does not reach the others. Never gives out a probe. */
export interface LocalBreakerStore {
  apply(scope: BreakerScope, settings: CircuitSettings, events: readonly BreakerEvent[]): BreakerOutcome;
  /** Takes over a gate that was there before the worker was alone. */
  adopt(scope: BreakerScope, gate: ScopeGate, settings: CircuitSettings): void;
  clear(): void;
}

/** A reported event on a clock. */
export function circuitEvent(event: BreakerEvent, nowMs: number): CircuitEvent {
  if (!('ageMs' in event)) {
    return event;
  }
  const { ageMs, ...rest } = event;
  return { ...rest, atMs: nowMs - ageMs };
}

/** The gate of a group in the shape in which workers tell each other. */
export function scopeGate(group: CircuitGroup): ScopeGate | undefined {
  const gate = circuitGate(group);
  if (gate === undefined) {
    return undefined;
  }
  const circuits: { code: string; state: 'open' | 'half-open' }[] = [];
  for (const [code, { mode, phase }] of group.circuits) {
    if (mode === 'open') {
      circuits.push({ code, state: 'open' });
    } else if (mode === 'auto' && phase.kind !== 'closed') {
      circuits.push({ code, state: phase.kind });
    }
  }
  return { ...gate, circuits };
}

/** Breakers in memory by the same rules. @param now milliseconds that only go forward */
export function createLocalBreakerStore(now: () => number): LocalBreakerStore {
  const groups = new Map<string, CircuitGroup>();
  return {
    apply(scope, settings, events) {
      const nowMs = Math.floor(now());
      const key = scopeKey(scope);
      let group = groups.get(key) ?? cleanCircuits;
      const transitions: BreakerOutcome['transitions'][number][] = [];
      for (const event of events) {
        const step = stepCircuits(group, circuitEvent(event, nowMs), nowMs, settings);
        group = step.group;
        transitions.push(...step.transitions);
      }
      const isFailing = group.circuits.size > 0;
      if (isFailing) {
        groups.set(key, group);
      } else {
        groups.delete(key);
      }
      return { gate: scopeGate(group), isFailing, transitions, probeGranted: false };
    },
    adopt(scope, gate, { cooldownMs }) {
      const openedAtMs = Math.floor(now());
      const probeAtMs = openedAtMs + cooldownMs;
      groups.set(scopeKey(scope), {
        runs: new Map(),
        circuits: new Map(
          gate.circuits.map(({ code }) => [
            code,
            {
              mode: 'auto' satisfies CircuitMode,
              phase: { kind: 'open', openedAtMs, probeAtMs, cooldownMs },
              consecutiveFailures: 0,
              failingSinceMs: openedAtMs,
              lastFailureAtMs: openedAtMs,
            },
          ]),
        ),
      });
    },
    clear: () => groups.clear(),
  };
}
