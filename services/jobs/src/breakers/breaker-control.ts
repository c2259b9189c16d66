import type { BreakerMode, BreakerState } from '@taskflow/contract/jobs';
import { type Executor, sql } from '@taskflow/db';
import { type Circuit, type CircuitGroup, circuitState, cleanCircuits, countRuns } from '@taskflow/resilience';
import type { BreakerEvent, ScopeGate } from './breaker-event.ts';
import { type DecidedMode, readBreakerModes, writeBreakerMode } from './breaker-modes.ts';
import { circuitSettings } from './breaker-settings.ts';
import type { BreakerStore } from './breaker-store.ts';
import { type BreakerScope, type BreakerSettings, breakerKey, parseBreakerKey, scopeKey } from './breakers.ts';
import { scopeGate } from './local-breaker-store.ts';
import type { TransitionLog } from './transition-log.ts';

/** One breaker as people see it. */
export interface BreakerView extends BreakerScope {
  readonly key: string;
  readonly errorCode: string;
  readonly state: BreakerState;
  readonly mode: BreakerMode;
  /** Who decided the mode, and when; `undefined` for one that acts by itself. */
  readonly modeSetBy: string | undefined;
  readonly modeSetAt: Date | undefined;
  /** Of this code, within the last minute. */
  readonly failuresInWindow: number;
  /** Of the whole scope, within the last minute. */
  readonly runsInWindow: number;
  readonly consecutiveFailures: number;
  readonly openedAt: Date | undefined;
  readonly failingSince: Date | undefined;
  readonly cooldownMs: number | undefined;
  /** When the next probe may go; in the past while there is no job to probe with. */
  readonly probeAt: Date | undefined;
  /** From now until then, by the clock of the breakers; at least 0. */
  readonly probeInMs: number | undefined;
  /** Jobs that wait for it. */
  readonly quarantined: number;
}

/** One thing that a breaker did, or that was done to it. */
export interface BreakerEventView {
  readonly id: string;
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  readonly failures: number;
  readonly cooldownMs: number | undefined;
  readonly actorId: string | undefined;
}

/** What operators see of the breakers and do with them. */
export interface BreakerControl {
  /**
   * Every breaker that there is something to say about, those that gate first; of one scope when asked.
   *
   * @throws Redis's error while it is away
   */
  listBreakers(scope?: BreakerScope): Promise<BreakerView[]>;
  /** What happened to a breaker, latest first. @param before id of the last one seen */
  breakerHistory(
    key: string,
    options: { readonly limit: number; readonly before?: string },
  ): Promise<BreakerEventView[]>;
  /**
   * Closes a breaker; its jobs are released. It may open again.
   *
   * @returns false when there is no such breaker
   * @throws Redis's error while it is away
   */
  reset(key: string, actorId: string): Promise<boolean>;
  /**
   * Decides for a breaker, durably; while Redis is away the decision is heard a little later.
   *
   * @returns false when that is not the key of a breaker
   */
  setMode(key: string, mode: BreakerMode, actorId: string): Promise<boolean>;
}

const newCircuit: Circuit = {
  mode: 'auto',
  phase: { kind: 'closed' },
  consecutiveFailures: 0,
  failingSinceMs: 0,
  lastFailureAtMs: 0,
};

interface Facts {
  readonly nowMs: number;
  readonly group: CircuitGroup;
  readonly gate: ScopeGate | undefined;
  readonly decided: DecidedMode | undefined;
  readonly quarantined: number;
}

function date(ms: number | undefined): Date | undefined {
  return ms === undefined || ms === 0 ? undefined : new Date(ms);
}

function view(key: string, facts: Facts): BreakerView | undefined {
  const parsed = parseBreakerKey(key);
  if (parsed === undefined) {
    return undefined;
  }
  const { group, gate, decided, nowMs } = facts;
  const known = group.circuits.get(parsed.errorCode) ?? newCircuit;
  // what was decided counts, also when Redis has yet to be told
  const circuit = { ...known, mode: decided?.mode ?? 'auto' };
  const { phase, mode } = circuit;
  const { runs, failures } = countRuns(group, parsed.errorCode);
  const ownProbeAtMs = phase.kind === 'open' ? phase.probeAtMs : undefined;
  const probeAtMs = mode === 'auto' && ownProbeAtMs !== undefined ? gate?.probeAtMs : ownProbeAtMs;
  const isProbed = mode === 'auto' || mode === 'observe';
  return {
    ...parsed,
    key,
    state: circuitState(circuit),
    mode,
    modeSetBy: decided?.setBy,
    modeSetAt: decided?.setAt,
    failuresInWindow: failures,
    runsInWindow: runs,
    consecutiveFailures: circuit.consecutiveFailures,
    openedAt: phase.kind === 'closed' ? undefined : date(phase.openedAtMs),
    failingSince: date(circuit.failingSinceMs),
    cooldownMs: phase.kind === 'closed' ? undefined : phase.cooldownMs,
    probeAt: isProbed ? date(probeAtMs) : undefined,
    probeInMs: isProbed && probeAtMs !== undefined ? Math.max(0, probeAtMs - nowMs) : undefined,
    quarantined: facts.quarantined,
  };
}

const urgency: Record<BreakerState, number> = { open: 0, 'half-open': 1, closed: 2 };

async function countHeld(executor: Executor, scope: BreakerScope | undefined): Promise<Map<string, number>> {
  const rows = await executor.query<{ key: string; count: number }>(
    scope === undefined
      ? sql`
        select breaker_key as key, count(*)::int as count from jobs
        where state = 'quarantined' and reason = 'breaker' and breaker_key is not null group by breaker_key`
      : sql`
        select breaker_key as key, count(*)::int as count from jobs
        where type = ${scope.type} and scope = ${scope.scope}
          and state = 'quarantined' and reason = 'breaker' and breaker_key is not null group by breaker_key`,
  );
  return new Map(rows.map(({ key, count }) => [key, count]));
}

/** Creates the control of breakers; it needs no worker in the same process. */
export function createBreakerControl(options: {
  readonly store: BreakerStore;
  readonly executor: Executor;
  readonly log: TransitionLog;
  readonly settings: (type: string) => BreakerSettings;
}): BreakerControl {
  const { store, executor, log } = options;

  async function decide(scope: BreakerScope, event: BreakerEvent, actorId: string): Promise<boolean> {
    const { transitions } = await store.apply(scope, circuitSettings(options.settings(scope.type)), [event]);
    // a lost probe may be found at the same time; that was nobody's decision
    const isDecision = (cause: string): boolean => cause === 'reset' || cause.startsWith('mode-');
    log.record(
      transitions.map((transition) => ({ ...transition, scope, ...(isDecision(transition.cause) && { actorId }) })),
    );
    return transitions.some(({ cause }) => isDecision(cause));
  }

  return {
    async listBreakers(scope) {
      const only = scope === undefined ? undefined : scopeKey(scope);
      const [nowMs, groups, decided, held] = await Promise.all([
        store.now(),
        store.groups(only === undefined ? undefined : [only]),
        readBreakerModes(executor),
        countHeld(executor, scope),
      ]);
      const gates = new Map(Array.from(groups, ([key, group]) => [key, scopeGate(group)]));
      const keys = new Set([...decided.keys(), ...held.keys()]);
      for (const [name, group] of groups) {
        for (const code of group.circuits.keys()) {
          keys.add(`${name}:${code}`);
        }
      }
      return [...keys]
        .flatMap((key) => {
          const parsed = parseBreakerKey(key);
          const name = parsed === undefined ? '' : scopeKey(parsed);
          const facts = { nowMs, gate: gates.get(name), decided: decided.get(key), quarantined: held.get(key) ?? 0 };
          const found = view(key, { ...facts, group: groups.get(name) ?? cleanCircuits });
          return found === undefined || (only !== undefined && name !== only) ? [] : [found];
        })
        .toSorted((a, b) => urgency[a.state] - urgency[b.state] || (a.key < b.key ? -1 : 1));
    },
    async breakerHistory(key, { limit, before }) {
      const rows = await executor.query<{
        id: string;
        at: Date;
        from: string;
        to: string;
        cause: string;
        failures: number;
        cooldownMs: number | null;
        actorId: string | null;
      }>(
        sql`
        select id::text, at, from_state as "from", to_state as "to", cause, failures, cooldown_ms as "cooldownMs",
          actor_id as "actorId"
        from breaker_events
        where key = ${key} and id < coalesce(${before ?? null}::bigint, 9223372036854775807)
        order by id desc limit ${limit}`,
        { name: 'breaker-history' },
      );
      return rows.map((row) => ({
        ...row,
        cooldownMs: row.cooldownMs ?? undefined,
        actorId: row.actorId ?? undefined,
      }));
    },
    async reset(key, actorId) {
      const scope = parseBreakerKey(key);
      return scope !== undefined && decide(scope, { kind: 'reset', code: scope.errorCode }, actorId);
    },
    async setMode(key, mode, actorId) {
      const scope = parseBreakerKey(key);
      if (scope === undefined) {
        return false;
      }
      await writeBreakerMode(executor, breakerKey(scope, scope.errorCode), mode, actorId);
      // what Redis does not hear now, the reconciler tells it
      await decide(scope, { kind: 'mode', code: scope.errorCode, mode }, actorId).catch(() => undefined);
      return true;
    },
  };
}
