import type { Executor } from '@taskflow/db';
import type { CircuitMode, CircuitSettings } from '@taskflow/resilience';
import type { Logger } from '@taskflow/telemetry';
import type { BreakerEvent, BreakerOutcome, BreakerOverview, ScopeGate } from './breaker-event.ts';
import { readBreakerModes } from './breaker-modes.ts';
import type { BreakerStore } from './breaker-store.ts';
import { type BreakerScope, parseBreakerKey, parseScopeKey } from './breakers.ts';
import { createLocalBreakerStore } from './local-breaker-store.ts';

/** Options of {@link createFallbackStore}. */
export interface FallbackStoreOptions {
  readonly store: BreakerStore;
  readonly executor: Executor;
  readonly settingsOf: (type: string) => CircuitSettings;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly now: () => number;
  /** What is known to be gated: stays so when Redis goes away. */
  readonly gates: () => Iterable<[string, ScopeGate]>;
  /** Told of everything that was applied. */
  readonly onOutcome: (scope: BreakerScope, outcome: BreakerOutcome, isLocal: boolean) => void;
  /** Redis is back, and these gates of the worker's own are over. */
  readonly onLeft: (gates: readonly (readonly [string, ScopeGate])[]) => void;
}

/** The shared breakers, or those of this worker alone while Redis does not answer. Its methods never throw. */
export interface FallbackStore {
  readonly mode: 'shared' | 'local';
  apply(scope: BreakerScope, events: readonly BreakerEvent[]): Promise<void>;
  /** `undefined` while Redis is away. The first answer after that ends the worker's loneliness. */
  overview(): Promise<BreakerOverview | undefined>;
}

/** Starts alone, until the first answer. */
export function createFallbackStore(options: FallbackStoreOptions): FallbackStore {
  const { store, executor, settingsOf, logger, onOutcome } = options;
  const local = createLocalBreakerStore(options.now);
  let modes = new Map<string, CircuitMode>();
  let mode: FallbackStore['mode'] = 'local';

  function applyLocally(scope: BreakerScope, events: readonly BreakerEvent[]): void {
    onOutcome(scope, local.apply(scope, settingsOf(scope.type), events), true);
  }

  function leave(error: unknown): void {
    if (mode === 'local') {
      return;
    }
    mode = 'local';
    logger.warn({ err: error }, 'breakers are kept by this worker alone: Redis does not answer');
    for (const [key, gate] of options.gates()) {
      const scope = parseScopeKey(key);
      local.adopt(scope, gate, settingsOf(scope.type));
    }
  }

  function comeBack(overview: BreakerOverview): void {
    mode = 'shared';
    logger.info({}, 'breakers are shared by all workers');
    options.onLeft([...options.gates()].filter(([key]) => !overview.gates.has(key)));
    local.clear();
    modes.clear();
  }

  /** Operators are heard meanwhile too: what they decide stands in PostgreSQL. */
  async function followModes(): Promise<void> {
    const decided = await readBreakerModes(executor);
    for (const key of new Set([...modes.keys(), ...decided.keys()])) {
      const scope = parseBreakerKey(key);
      const wanted = decided.get(key)?.mode ?? 'auto';
      if (scope !== undefined && wanted !== (modes.get(key) ?? 'auto')) {
        applyLocally(scope, [{ kind: 'mode', code: scope.errorCode, mode: wanted }]);
      }
    }
    modes = new Map([...decided].map(([key, { mode: wanted }]) => [key, wanted]));
  }

  return {
    get mode() {
      return mode;
    },
    async apply(scope, events) {
      if (mode === 'shared') {
        try {
          onOutcome(scope, await store.apply(scope, settingsOf(scope.type), events), false);
          return;
        } catch (error) {
          leave(error);
        }
      }
      applyLocally(scope, events);
    },
    async overview() {
      try {
        const overview = await store.overview();
        if (mode === 'local') {
          comeBack(overview);
        }
        return overview;
      } catch (error) {
        leave(error);
        await followModes().catch((reason: unknown) => {
          logger.warn({ err: reason }, 'modes of breakers could not be read');
        });
        return undefined;
      }
    },
  };
}
