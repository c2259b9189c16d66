import { breakerModes, breakerStates } from '@taskflow/contract/jobs';
import { defineScript, type Redis } from '@taskflow/redis';
import type { Circuit, CircuitGroup, CircuitPhase, CircuitSettings } from '@taskflow/resilience';
import { z } from 'zod';
import type { BreakerEvent, BreakerOutcome, BreakerOverview } from './breaker-event.ts';
import { applyEventsScript, readBreakersScript } from './breaker-script.ts';
import { type BreakerScope, scopeKey } from './breakers.ts';

/** Options of {@link createBreakerStore}. */
export interface BreakerStoreOptions {
  readonly redis: Redis;
  /** Keeps instances apart that share a Redis. @default 'taskflow' */
  readonly namespace?: string;
  /** Takes the place of Redis's own clock, in tests. */
  readonly now?: () => number;
}

/** The breakers that all workers share, in Redis. Every method throws when Redis does not answer. */
export interface BreakerStore {
  /** Where changes of gates and of failing scopes are announced; the payload is a scope key. */
  readonly changes: string;
  /** Applies events to a scope in one step that no other worker comes between. */
  apply(scope: BreakerScope, settings: CircuitSettings, events: readonly BreakerEvent[]): Promise<BreakerOutcome>;
  overview(): Promise<BreakerOverview>;
  /** Everything known about scopes, by scope key. @param only these @default all */
  groups(only?: readonly string[]): Promise<ReadonlyMap<string, CircuitGroup>>;
  /** What time it is for the breakers of all workers, in milliseconds since 1970. */
  now(): Promise<number>;
  /**
   * Lets one caller in the cluster through, and the next one `leastMs` later at the earliest.
   *
   * @returns how long ago the turn before was, 1 s if nobody knows; `undefined` when it is too early
   */
  takeTurn(name: string, leastMs: number, nowMs: number): Promise<number | undefined>;
}

const circuitSchema = z.object({
  mode: z.enum(breakerModes),
  kind: z.enum(breakerStates),
  n: z.number(),
  since: z.number(),
  last: z.number(),
  opened: z.number(),
  probe: z.number(),
  lease: z.number(),
  cooldown: z.number(),
});
const groupSchema = z.object({
  c: z.record(z.string(), circuitSchema),
  w: z.record(z.string(), z.object({ s: z.number(), f: z.record(z.string(), z.number()) })),
});
const transitionSchema = z.object({
  code: z.string(),
  from: z.enum(breakerStates),
  to: z.enum(breakerStates),
  cause: z.string(),
  failures: z.number(),
  cooldownMs: z.number(),
});
const gateSchema = z.object({
  code: z.string(),
  circuits: z.array(z.object({ code: z.string(), state: z.enum(['open', 'half-open']) })),
  probeAtMs: z.number().optional(),
  leaseEndsAtMs: z.number().optional(),
  failingSinceMs: z.number().optional(),
});
const outcomeSchema = z.tuple([z.number(), z.number(), z.string().nullable(), z.array(z.string())]);
const overviewSchema = z.tuple([z.string(), z.array(z.string()), z.array(z.string()), z.array(z.string())]);

function phaseOf(circuit: z.infer<typeof circuitSchema>): CircuitPhase {
  const { opened: openedAtMs, probe: probeAtMs, lease: leaseEndsAtMs, cooldown: cooldownMs } = circuit;
  switch (circuit.kind) {
    case 'closed':
      return { kind: 'closed' };
    case 'open':
      return { kind: 'open', openedAtMs, probeAtMs, cooldownMs };
    case 'half-open':
      return { kind: 'half-open', openedAtMs, leaseEndsAtMs, cooldownMs };
  }
}

/** A scope as its script keeps it. */
function parseGroup(stored: string): CircuitGroup {
  const { c, w } = groupSchema.parse(JSON.parse(stored));
  const circuits = Object.entries(c).map(([code, circuit]): [string, Circuit] => [
    code,
    {
      mode: circuit.mode,
      phase: phaseOf(circuit),
      consecutiveFailures: circuit.n,
      failingSinceMs: circuit.since,
      lastFailureAtMs: circuit.last,
    },
  ]);
  return {
    circuits: new Map(circuits),
    runs: new Map(
      Object.entries(w).map(([second, { s, f }]) => [
        Number(second),
        { successes: s, failures: new Map(Object.entries(f)) },
      ]),
    ),
  };
}

/** HGETALL as a script answers it: names and values in turn. */
function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2] ?? '', flat[index * 2 + 1] ?? '']);
}

/** Opens the shared breakers. All keys carry one hash tag: in a Redis cluster they live together. */
export function createBreakerStore(options: BreakerStoreOptions): BreakerStore {
  const { redis, namespace = 'taskflow', now } = options;
  const prefix = `${namespace}:{breakers}`;
  const keys = { index: `${prefix}:scopes`, gates: `${prefix}:gates`, modes: `${prefix}:modes` };
  const changes = `${prefix}:changes`;
  const keyOf = (scope: string): string => `${prefix}:scope:${scope}`;
  const applyEvents = defineScript(redis, { name: 'breakersApply', lua: applyEventsScript, numberOfKeys: 4 });
  const readBreakers = defineScript(redis, { name: 'breakersRead', lua: readBreakersScript, numberOfKeys: 3 });
  const time = (): string => (now === undefined ? '' : String(now()));

  return {
    changes,
    async apply(scope, settings, events) {
      const name = scopeKey(scope);
      const reply = await applyEvents(
        keyOf(name),
        keys.index,
        keys.gates,
        keys.modes,
        name,
        JSON.stringify(settings),
        JSON.stringify(events),
        changes,
        time(),
      );
      const [granted, isFailing, gate, transitions] = outcomeSchema.parse(reply);
      return {
        probeGranted: granted === 1,
        isFailing: isFailing === 1,
        gate: gate === null ? undefined : gateSchema.parse(JSON.parse(gate)),
        transitions: transitions.map((transition) => transitionSchema.parse(JSON.parse(transition))),
      };
    },
    async overview() {
      const reply = await readBreakers(keys.index, keys.gates, keys.modes, time());
      const [nowMs, failing, gates, modes] = overviewSchema.parse(reply);
      return {
        nowMs: Number(nowMs),
        failing: new Set(failing),
        gates: new Map(pairs(gates).map(([scope, gate]) => [scope, gateSchema.parse(JSON.parse(gate))])),
        modes: new Map(pairs(modes).map(([key, mode]) => [key, z.enum(breakerModes).parse(mode)])),
      };
    },
    async now() {
      const [seconds, microseconds] = await redis.time();
      return now?.() ?? Math.floor(Number(seconds) * 1_000 + Number(microseconds) / 1_000);
    },
    async groups(only) {
      const groups = new Map<string, CircuitGroup>();
      const names = only ?? (await redis.zrange(keys.index, '0', '-1'));
      for (let start = 0; start < names.length; start += 500) {
        const some = names.slice(start, start + 500);
        const stored = await redis.mget(some.map(keyOf));
        for (const [index, name] of some.entries()) {
          const text = stored[index];
          if (text != null) {
            groups.set(name, parseGroup(text));
          }
        }
      }
      return groups;
    },
    async takeTurn(name, leastMs, nowMs) {
      if ((await redis.set(`${prefix}:turn:${name}`, '', 'PX', leastMs, 'NX')) !== 'OK') {
        return undefined;
      }
      const last = await redis.set(`${prefix}:last:${name}`, nowMs, 'PX', 60_000, 'GET');
      return last === null ? 1_000 : nowMs - Number(last);
    },
  };
}
