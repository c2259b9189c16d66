import type { ScopeGate } from './breaker-event.ts';
import type { Gate } from './breakers.ts';

/** What a worker knows to be gated, ready to be asked for each job. */
export interface GateCache {
  readonly size: number;
  gates(): readonly Gate[];
  gateOf(scopeKey: string): Gate | undefined;
  entries(): Iterable<[string, ScopeGate]>;
  set(scopeKey: string, gate: ScopeGate | undefined): void;
  replace(gates: ReadonlyMap<string, ScopeGate>): void;
}

/** Starts empty. */
export function createGateCache(): GateCache {
  let known = new Map<string, ScopeGate>();
  let byScope = new Map<string, Gate>();
  let list: readonly Gate[] = [];

  function publicGate(scopeKey: string, { code }: ScopeGate): Gate {
    return { scopeKey, breakerKey: `${scopeKey}:${code}` };
  }

  return {
    get size() {
      return known.size;
    },
    gates: () => list,
    gateOf: (scopeKey) => byScope.get(scopeKey),
    entries: () => known,
    set(scopeKey, gate) {
      if (gate === undefined) {
        if (!known.delete(scopeKey)) {
          return;
        }
        byScope.delete(scopeKey);
      } else {
        known.set(scopeKey, gate);
        byScope.set(scopeKey, publicGate(scopeKey, gate));
      }
      list = [...byScope.values()];
    },
    replace(gates) {
      known = new Map(gates);
      byScope = new Map([...gates].map(([scopeKey, gate]) => [scopeKey, publicGate(scopeKey, gate)]));
      list = [...byScope.values()];
    },
  };
}
