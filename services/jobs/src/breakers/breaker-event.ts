import type { CircuitEvent, CircuitMode, CircuitTransition } from '@taskflow/resilience';
import type { BreakerScope } from './breakers.ts';

type Aged<Event> = Event extends { readonly atMs: number } ? Omit<Event, 'atMs'> & { readonly ageMs: number } : Event;

/** What a worker reports: it says how long ago it was, because clocks of workers differ and durations do not. */
export type BreakerEvent = Aged<CircuitEvent>;

/** A change of one breaker, with the scope that it happened in. */
export interface BreakerTransition extends CircuitTransition {
  readonly scope: BreakerScope;
  /** Who decided it, when a person did. */
  readonly actorId?: string;
  /** It holds for this worker alone, because Redis is away. @default false */
  readonly isLocal?: boolean;
}

/** What gates a scope. Times are those of the clock that all workers share. */
export interface ScopeGate {
  /** The breaker that opened first. */
  readonly code: string;
  /** Every breaker of the scope that holds the gate. */
  readonly circuits: readonly { readonly code: string; readonly state: 'open' | 'half-open' }[];
  readonly probeAtMs?: number | undefined;
  readonly leaseEndsAtMs?: number | undefined;
  readonly failingSinceMs?: number | undefined;
}

/** What reported events led to. */
export interface BreakerOutcome {
  readonly gate: ScopeGate | undefined;
  /** Whether the scope has failures to remember, so that its successes matter. */
  readonly isFailing: boolean;
  readonly transitions: readonly CircuitTransition[];
  readonly probeGranted: boolean;
}

/** What every worker knows about all scopes. */
export interface BreakerOverview {
  readonly nowMs: number;
  /** Scope keys that have failures to remember. */
  readonly failing: ReadonlySet<string>;
  /** By scope key. */
  readonly gates: ReadonlyMap<string, ScopeGate>;
  /** What operators decided, by breaker key; those that act by themselves are left out. */
  readonly modes: ReadonlyMap<string, CircuitMode>;
}
