import type { Executor } from '@taskflow/db';
import type { ReconcileStep } from '../engine/reconciler.ts';
import type { BreakerOverview } from './breaker-event.ts';
import { readBreakerModes } from './breaker-modes.ts';
import { circuitSettings } from './breaker-settings.ts';
import type { BreakerStore } from './breaker-store.ts';
import { breakerKey, type BreakerScope, type BreakerSettings, parseBreakerKey, parseScopeKey } from './breakers.ts';
import { findProbes, holdEndedWithGate, holdExhausted, markProbes, releaseHeld } from './held-jobs.ts';
import type { TransitionLog } from './transition-log.ts';

/** Options of {@link createBreakerReconciler}. */
export interface BreakerReconcilerOptions {
  readonly store: BreakerStore;
  readonly log: TransitionLog;
  readonly settings: (type: string) => BreakerSettings;
  /** Jobs of one scope that are let go per second after its gate has opened. @default 50 */
  readonly releasePerSecond?: number;
  /** Jobs became `pending`. Must not throw. */
  readonly onReleased: (count: number) => void;
}

/** Scopes that are probed in one go; the next tick does the rest. */
const mostProbes = 100;
/** Two releases are at least so far apart, whichever workers make them. */
const leastBetweenReleasesMs = 250;
/** What was not released while nobody looked is not made up for. */
const mostReleaseMs = 2_000;

/** `undefined` while Redis is away: nobody knows then what is gated, so that nothing is probed or released. */
async function read(store: BreakerStore): Promise<BreakerOverview | undefined> {
  try {
    return await store.overview();
  } catch {
    return undefined;
  }
}

/**
 * What is done about gated scopes, by one worker at a time: Redis is told of modes that it has forgotten, probes are
 * sent, and what no longer has to wait is released. Each step looks what is and does what is missing, so that it does
 * not matter who died in between. While Redis is away they do nothing.
 */
export function createBreakerReconciler(options: BreakerReconcilerOptions): readonly ReconcileStep[] {
  const { store, log, releasePerSecond = 50, onReleased } = options;
  const settingsOf = (type: string) => circuitSettings(options.settings(type));

  async function keepModes(executor: Executor): Promise<void> {
    // in this order: who decides writes to PostgreSQL first, so what is read last is never older
    const overview = await read(store);
    const decided = await readBreakerModes(executor);
    for (const key of overview === undefined ? [] : new Set([...overview.modes.keys(), ...decided.keys()])) {
      const scope = parseBreakerKey(key);
      const mode = decided.get(key)?.mode ?? 'auto';
      if (scope !== undefined && mode !== (overview?.modes.get(key) ?? 'auto')) {
        const { transitions } = await store.apply(scope, settingsOf(scope.type), [
          { kind: 'mode', code: scope.errorCode, mode },
        ]);
        const actorId = decided.get(key)?.setBy;
        log.record(
          transitions.map((transition) => ({ ...transition, scope, ...(actorId !== undefined && { actorId }) })),
        );
      }
    }
  }

  async function tell(scope: BreakerScope, kind: 'probe-taken' | 'probe-returned'): Promise<boolean> {
    const { transitions, probeGranted } = await store.apply(scope, settingsOf(scope.type), [{ kind }]);
    log.record(transitions.map((transition) => ({ ...transition, scope })));
    return probeGranted;
  }

  async function sendProbes(executor: Executor): Promise<void> {
    const overview = await read(store);
    const due = [...(overview?.gates ?? [])]
      .filter(([, { probeAtMs, leaseEndsAtMs }]) => (probeAtMs ?? leaseEndsAtMs ?? Infinity) <= (overview?.nowMs ?? 0))
      .slice(0, mostProbes)
      .map(([key]) => parseScopeKey(key));
    if (due.length === 0) {
      return;
    }
    const candidates = await findProbes(executor, due);
    const granted: typeof candidates = [];
    for (const candidate of candidates) {
      if (await tell(candidate, 'probe-taken')) {
        granted.push(candidate);
      }
    }
    if (granted.length === 0) {
      return;
    }
    let marked: ReadonlySet<string> = new Set();
    try {
      marked = await markProbes(
        executor,
        granted.map(({ id }) => id),
      );
      onReleased(marked.size);
    } finally {
      for (const candidate of granted.filter(({ id }) => !marked.has(id))) {
        await tell(candidate, 'probe-returned');
      }
    }
  }

  async function holdWhatTheOutageExhausted(executor: Executor, { gates }: BreakerOverview): Promise<void> {
    const outages = [...gates].flatMap(([key, { code, failingSinceMs }]) => {
      const scope = parseScopeKey(key);
      const { probeLeaseMs } = settingsOf(scope.type);
      return failingSinceMs === undefined
        ? []
        : [{ ...scope, breakerKey: breakerKey(scope, code), sinceMs: failingSinceMs - probeLeaseMs }];
    });
    if (outages.length > 0) {
      await holdExhausted(executor, outages);
    }
    await holdEndedWithGate(executor, (type) => settingsOf(type).probeLeaseMs);
  }

  async function release(executor: Executor): Promise<void> {
    const overview = await read(store);
    if (overview === undefined) {
      return;
    }
    await holdWhatTheOutageExhausted(executor, overview);
    const elapsedMs = await store.takeTurn('release', leastBetweenReleasesMs, overview.nowMs);
    if (elapsedMs === undefined) {
      return;
    }
    const perScope = Math.max(1, Math.floor((releasePerSecond * Math.min(elapsedMs, mostReleaseMs)) / 1_000));
    const count = await releaseHeld(executor, { gated: [...overview.gates.keys()], perScope });
    if (count > 0) {
      onReleased(count);
    }
  }

  return [
    { name: 'breaker modes', run: keepModes },
    { name: 'breaker probes', run: sendProbes },
    { name: 'breaker release', run: release },
  ];
}
