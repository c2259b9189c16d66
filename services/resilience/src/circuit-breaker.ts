import {
  type Circuit,
  type CircuitEvent,
  type CircuitGroup,
  type CircuitMode,
  type CircuitPhase,
  type CircuitSettings,
  type CircuitStep,
  type CircuitTransition,
  circuitGate,
  circuitState,
  circuitWindowMs,
  countRuns,
  type RunsOfSecond,
} from './circuit.ts';

const windowSeconds = circuitWindowMs / 1_000;

/** Probes of many scopes that failed together spread over this part of the cooldown. */
const jitterRatio = 0.1;

const closed: CircuitPhase = { kind: 'closed' };
const newCircuit: Circuit = {
  mode: 'auto',
  phase: closed,
  consecutiveFailures: 0,
  failingSinceMs: 0,
  lastFailureAtMs: 0,
};

/** A group under change; belongs to one step. */
interface Draft {
  readonly circuits: Map<string, Circuit>;
  readonly runs: Map<number, RunsOfSecond>;
  readonly transitions: CircuitTransition[];
  readonly nowMs: number;
  readonly settings: CircuitSettings;
}

function change(draft: Draft, code: string, before: Circuit, after: Circuit, cause: string): void {
  draft.circuits.set(code, after);
  draft.transitions.push({
    code,
    from: circuitState(before),
    to: circuitState(after),
    cause,
    failures: countRuns(draft, code).failures,
    cooldownMs: after.phase.kind === 'open' ? after.phase.cooldownMs : 0,
  });
}

/** Those in a fixed order, so that the same events give the same transitions everywhere. */
function circuitsInOrder(draft: Draft): [string, Circuit][] {
  return [...draft.circuits].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function forgetFailures(draft: Draft, code: string): void {
  for (const [second, runs] of draft.runs) {
    if (runs.failures.has(code)) {
      const failures = new Map(runs.failures);
      failures.delete(code);
      draft.runs.set(second, { ...runs, failures });
    }
  }
}

function close(draft: Draft, code: string, before: Circuit, cause: string): void {
  change(draft, code, before, { ...before, phase: closed, consecutiveFailures: 0, failingSinceMs: 0 }, cause);
  // it starts afresh: what opened it must not open it again together with the next failure
  forgetFailures(draft, code);
}

function probeTime(nowMs: number, cooldownMs: number, random: number): number {
  return nowMs + cooldownMs + Math.floor(cooldownMs * jitterRatio * random);
}

function openAgain(draft: Draft, code: string, before: Circuit, random: number, cause: string): void {
  if (before.phase.kind === 'closed') {
    return;
  }
  const cooldownMs = Math.min(before.phase.cooldownMs * 2, draft.settings.maxCooldownMs);
  const probeAtMs = probeTime(draft.nowMs, cooldownMs, random);
  const { openedAtMs } = before.phase;
  change(draft, code, before, { ...before, phase: { kind: 'open', openedAtMs, probeAtMs, cooldownMs } }, cause);
}

/** Ends half-open without an answer: the next probe may go at `probeAtMs`. */
function giveProbeUp(draft: Draft, isLost: (leaseEndsAtMs: number) => boolean, cause: string): void {
  for (const [code, circuit] of circuitsInOrder(draft)) {
    if (circuit.phase.kind === 'half-open' && isLost(circuit.phase.leaseEndsAtMs)) {
      const { openedAtMs, cooldownMs, leaseEndsAtMs } = circuit.phase;
      const probeAtMs = Math.min(leaseEndsAtMs, draft.nowMs);
      change(draft, code, circuit, { ...circuit, phase: { kind: 'open', openedAtMs, probeAtMs, cooldownMs } }, cause);
    }
  }
}

function countRun(draft: Draft, atMs: number, successes: number, code?: string): void {
  const second = Math.floor(atMs / 1_000);
  if (second <= Math.floor(draft.nowMs / 1_000) - windowSeconds) {
    return;
  }
  const runs = draft.runs.get(second) ?? { successes: 0, failures: new Map<string, number>() };
  const failures = new Map(runs.failures);
  if (code !== undefined) {
    failures.set(code, (failures.get(code) ?? 0) + 1);
  }
  draft.runs.set(second, { successes: runs.successes + successes, failures });
}

function succeed(draft: Draft, event: CircuitEvent & { kind: 'succeeded' }): void {
  countRun(draft, event.atMs, event.count);
  for (const [code, circuit] of circuitsInOrder(draft)) {
    const { mode, phase } = circuit;
    if (mode === 'open' || mode === 'closed') {
      continue;
    }
    if (phase.kind === 'closed') {
      if (event.atMs >= circuit.lastFailureAtMs) {
        draft.circuits.set(code, { ...circuit, consecutiveFailures: 0, failingSinceMs: 0 });
      }
    } else if (event.isProbe) {
      close(draft, code, circuit, 'probe-succeeded');
    } else if (mode === 'observe' && phase.kind === 'open' && event.atMs >= phase.probeAtMs) {
      close(draft, code, circuit, 'trial-succeeded');
    }
  }
}

/** Opens a circuit whose failures are too many, in a row or within the last minute. */
function openIfFailing(draft: Draft, code: string, circuit: Circuit, random: number): void {
  const { failureThreshold, cooldownMs } = draft.settings;
  const { runs, failures } = countRuns(draft, code);
  const isRow = circuit.consecutiveFailures >= failureThreshold;
  if (!isRow && (failures < failureThreshold || failures * 2 < runs)) {
    return;
  }
  const { nowMs } = draft;
  const probeAtMs = probeTime(nowMs, cooldownMs, random);
  const after: Circuit = {
    ...circuit,
    failingSinceMs: isRow ? circuit.failingSinceMs : Math.min(circuit.failingSinceMs, nowMs - circuitWindowMs),
    phase: { kind: 'open', openedAtMs: nowMs, probeAtMs, cooldownMs },
  };
  change(draft, code, circuit, after, isRow ? 'failures-in-a-row' : 'failures-in-a-minute');
}

function fail(draft: Draft, event: CircuitEvent & { kind: 'failed' }): void {
  const { atMs, code, random } = event;
  countRun(draft, atMs, 0, code);
  if (event.isProbe) {
    for (const [other, circuit] of circuitsInOrder(draft)) {
      const { mode, phase } = circuit;
      // a probe that was given up for lost still has something to say, unless another one is on its way
      const isAsked = phase.kind === 'half-open' || (phase.kind === 'open' && phase.probeAtMs <= draft.nowMs);
      if (mode === 'auto' && isAsked) {
        openAgain(draft, other, circuit, random, 'probe-failed');
      }
    }
  }
  const before = draft.circuits.get(code) ?? newCircuit;
  const lastFailureAtMs = Math.max(before.lastFailureAtMs, atMs);
  if (before.mode === 'open' || before.mode === 'closed') {
    draft.circuits.set(code, { ...before, lastFailureAtMs });
  } else if (before.phase.kind === 'closed') {
    const circuit: Circuit = {
      ...before,
      lastFailureAtMs,
      consecutiveFailures: before.consecutiveFailures + 1,
      failingSinceMs: before.failingSinceMs === 0 ? atMs : Math.min(before.failingSinceMs, atMs),
    };
    draft.circuits.set(code, circuit);
    openIfFailing(draft, code, circuit, random);
  } else {
    draft.circuits.set(code, { ...before, lastFailureAtMs });
    if (before.mode === 'observe' && before.phase.kind === 'open' && atMs >= before.phase.probeAtMs) {
      openAgain(draft, code, { ...before, lastFailureAtMs }, random, 'trial-failed');
    }
  }
}

function takeProbe(draft: Draft): boolean {
  const gate = circuitGate(draft);
  if (gate?.probeAtMs === undefined || gate.probeAtMs > draft.nowMs) {
    return false;
  }
  const leaseEndsAtMs = draft.nowMs + draft.settings.probeLeaseMs;
  for (const [code, circuit] of circuitsInOrder(draft)) {
    if (circuit.mode === 'auto' && circuit.phase.kind === 'open') {
      const { openedAtMs, cooldownMs } = circuit.phase;
      const phase: CircuitPhase = { kind: 'half-open', openedAtMs, leaseEndsAtMs, cooldownMs };
      change(draft, code, circuit, { ...circuit, phase }, 'probe-sent');
    }
  }
  return true;
}

function setMode(draft: Draft, code: string, mode: CircuitMode): void {
  const before = draft.circuits.get(code) ?? newCircuit;
  if (before.mode === mode) {
    return;
  }
  let after: Circuit = { ...before, mode };
  if (mode === 'closed') {
    after = { ...after, phase: closed, consecutiveFailures: 0, failingSinceMs: 0 };
  } else if (before.phase.kind === 'half-open') {
    const { openedAtMs, cooldownMs } = before.phase;
    after = { ...after, phase: { kind: 'open', openedAtMs, probeAtMs: draft.nowMs, cooldownMs } };
  }
  change(draft, code, before, after, `mode-${mode}`);
}

/** Forgets what can no longer matter; without any circuit the group is clean. */
function prune(draft: Draft): void {
  const oldest = Math.floor(draft.nowMs / 1_000) - windowSeconds;
  for (const second of draft.runs.keys()) {
    if (second <= oldest) {
      draft.runs.delete(second);
    }
  }
}

function pruneCircuits(draft: Draft): void {
  for (const [code, { mode, phase, consecutiveFailures }] of draft.circuits) {
    const isIdle = mode === 'auto' && phase.kind === 'closed' && consecutiveFailures === 0;
    if (isIdle && countRuns(draft, code).failures === 0) {
      draft.circuits.delete(code);
    }
  }
  if (draft.circuits.size === 0) {
    draft.runs.clear();
  }
}

function apply(draft: Draft, event: CircuitEvent): boolean {
  switch (event.kind) {
    case 'succeeded':
      succeed(draft, event);
      return false;
    case 'history':
      countRun(draft, event.atMs, event.count);
      return false;
    case 'failed':
      fail(draft, event);
      return false;
    case 'probe-taken':
      return takeProbe(draft);
    case 'probe-returned':
      giveProbeUp(draft, () => true, 'probe-returned');
      return false;
    case 'reset': {
      const circuit = draft.circuits.get(event.code);
      if (circuit !== undefined) {
        close(draft, event.code, circuit, 'reset');
      }
      return false;
    }
    case 'mode':
      setMode(draft, event.code, event.mode);
      return false;
    case 'time-passed':
      return false;
  }
}

/**
 * The rules of circuit breakers, without a clock and without effects.
 *
 * A circuit opens after `failureThreshold` failures of its code without a success between them, or as many within a
 * minute that make up half of the group's runs. An open circuit gates the whole group. After the cooldown one probe
 * may be taken; its success closes all circuits of the group, its failure, of whatever code, doubles the cooldown.
 * Successes that are not the probe's close nothing: they may have begun before it opened.
 *
 * Forced circuits learn nothing; observed ones take the first run after the cooldown for their probe.
 */
export function stepCircuits(
  group: CircuitGroup,
  event: CircuitEvent,
  nowMs: number,
  settings: CircuitSettings,
): CircuitStep {
  const draft: Draft = {
    circuits: new Map(group.circuits),
    runs: new Map(group.runs),
    transitions: [],
    nowMs,
    settings,
  };
  prune(draft);
  giveProbeUp(draft, (leaseEndsAtMs) => leaseEndsAtMs <= nowMs, 'probe-lost');
  const probeGranted = apply(draft, event);
  pruneCircuits(draft);
  const { circuits, runs, transitions } = draft;
  return { group: { circuits, runs }, transitions, probeGranted };
}
