/** What an operator decided for a circuit: by itself, forced either way, or counting without ever gating. */
export type CircuitMode = 'auto' | 'open' | 'closed' | 'observe';

/** Where a circuit is. Half-open is entered by the probe that was let through, and left with what became of it. */
export type CircuitPhase =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly openedAtMs: number; readonly probeAtMs: number; readonly cooldownMs: number }
  | {
      readonly kind: 'half-open';
      readonly openedAtMs: number;
      readonly leaseEndsAtMs: number;
      readonly cooldownMs: number;
    };

/** The circuit of one error code. */
export interface Circuit {
  readonly mode: CircuitMode;
  readonly phase: CircuitPhase;
  /** Since the last success. Counted while closed. */
  readonly consecutiveFailures: number;
  /** When the row of failures began that goes on, or that opened it; 0 when there is none. */
  readonly failingSinceMs: number;
  readonly lastFailureAtMs: number;
}

/** What ended within one second. */
export interface RunsOfSecond {
  readonly successes: number;
  readonly failures: ReadonlyMap<string, number>;
}

/** All circuits of a scope by error code, and what ran there in the last minute by second. */
export interface CircuitGroup {
  readonly circuits: ReadonlyMap<string, Circuit>;
  readonly runs: ReadonlyMap<number, RunsOfSecond>;
}

/** When circuits open and how long they wait. */
export interface CircuitSettings {
  readonly failureThreshold: number;
  readonly cooldownMs: number;
  readonly maxCooldownMs: number;
  readonly probeLeaseMs: number;
}

/**
 * What happens to a group. `atMs` is when an attempt ended, at most now; what is older than a minute only counts
 * for the row of failures. `random` is in [0, 1) and spreads the next probe.
 */
export type CircuitEvent =
  | { readonly kind: 'succeeded'; readonly atMs: number; readonly count: number; readonly isProbe: boolean }
  /** Successes from before the group had failures: they count as runs and end no row. */
  | { readonly kind: 'history'; readonly atMs: number; readonly count: number }
  | {
      readonly kind: 'failed';
      readonly atMs: number;
      readonly code: string;
      readonly isProbe: boolean;
      readonly random: number;
    }
  | { readonly kind: 'probe-taken' }
  | { readonly kind: 'probe-returned' }
  | { readonly kind: 'reset'; readonly code: string }
  | { readonly kind: 'mode'; readonly code: string; readonly mode: CircuitMode }
  /** Only what time alone brings about: a lost probe, old runs. */
  | { readonly kind: 'time-passed' };

/** A circuit became another one, or somebody decided about it. */
export interface CircuitTransition {
  readonly code: string;
  readonly from: CircuitPhase['kind'];
  readonly to: CircuitPhase['kind'];
  /** `failures-in-a-row`, `failures-in-a-minute`, `probe-succeeded`, `mode-open`, ... */
  readonly cause: string;
  /** Of this code, within the last minute. */
  readonly failures: number;
  /** Until the next probe, without its jitter; 0 unless it opened. */
  readonly cooldownMs: number;
}

/** What an event leads to. */
export interface CircuitStep {
  readonly group: CircuitGroup;
  readonly transitions: readonly CircuitTransition[];
  /** Whether the caller now holds the group's only probe; only ever true for `probe-taken`. */
  readonly probeGranted: boolean;
}

/** What stops a group from being used. */
export interface CircuitGate {
  /** The circuit that opened first. */
  readonly code: string;
  /** From when a probe may go; `undefined` while one is under way and when an operator holds the gate. */
  readonly probeAtMs: number | undefined;
  /** Until when the probe under way is waited for. */
  readonly leaseEndsAtMs: number | undefined;
  /** When the failures began that opened it; `undefined` when only operators hold the gate. */
  readonly failingSinceMs: number | undefined;
}

/** How long a run counts. */
export const circuitWindowMs = 60_000;

/** A group that nothing is known about. */
export const cleanCircuits: CircuitGroup = { circuits: new Map(), runs: new Map() };

/** Where a circuit is for those who ask: what an operator forced goes before what it found out. */
export function circuitState({ mode, phase }: Circuit): CircuitPhase['kind'] {
  return mode === 'open' || mode === 'closed' ? mode : phase.kind;
}

/** Runs of the last minute: successes, and failures of one code. */
export function countRuns(group: CircuitGroup, code: string): { runs: number; failures: number } {
  let runs = 0;
  let failures = 0;
  for (const second of group.runs.values()) {
    runs += second.successes;
    for (const [failed, count] of second.failures) {
      runs += count;
      failures += failed === code ? count : 0;
    }
  }
  return { runs, failures };
}

/** What gates the group, if anything does. Observed circuits never do. */
export function circuitGate(group: CircuitGroup): CircuitGate | undefined {
  const gating: { code: string; openedAtMs: number }[] = [];
  let isForced = false;
  let probeAtMs = 0;
  let leaseEndsAtMs: number | undefined;
  let failingSinceMs = Infinity;
  for (const [code, { mode, phase, ...circuit }] of group.circuits) {
    if (mode === 'open') {
      isForced = true;
      gating.push({ code, openedAtMs: 0 });
    } else if (mode === 'auto' && phase.kind !== 'closed') {
      gating.push({ code, openedAtMs: phase.openedAtMs });
      failingSinceMs = Math.min(failingSinceMs, circuit.failingSinceMs);
      if (phase.kind === 'half-open') {
        leaseEndsAtMs = phase.leaseEndsAtMs;
      } else {
        probeAtMs = Math.max(probeAtMs, phase.probeAtMs);
      }
    }
  }
  const first = gating.toSorted((a, b) => a.openedAtMs - b.openedAtMs || (a.code < b.code ? -1 : 1))[0];
  if (first === undefined) {
    return undefined;
  }
  return {
    code: first.code,
    probeAtMs: isForced || leaseEndsAtMs !== undefined ? undefined : probeAtMs,
    leaseEndsAtMs,
    failingSinceMs: failingSinceMs === Infinity ? undefined : failingSinceMs,
  };
}
