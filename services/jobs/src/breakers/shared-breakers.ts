import type { Executor } from '@taskflow/db';
import type { WakeUpChannel } from '@taskflow/redis';
import type { CircuitSettings } from '@taskflow/resilience';
import type { Logger, Metrics } from '@taskflow/telemetry';
import type { BreakerOutcome, BreakerOverview, ScopeGate } from './breaker-event.ts';
import { registerBreakerMetrics } from './breaker-metrics.ts';
import { circuitSettings } from './breaker-settings.ts';
import type { BreakerStore } from './breaker-store.ts';
import { type Breakers, type BreakerScope, type BreakerSettings, parseScopeKey, scopeKey } from './breakers.ts';
import { createFallbackStore } from './fallback-store.ts';
import { createGateCache } from './gate-cache.ts';
import { createReportQueue } from './report-queue.ts';
import { createSuccessLedger } from './success-ledger.ts';
import type { TransitionLog } from './transition-log.ts';

/** Options of {@link createBreakers}. */
export interface CreateBreakersOptions {
  readonly store: BreakerStore;
  /** Brings news of other workers; what it misses comes with the next poll. */
  readonly wakeUps: WakeUpChannel;
  /** Where forced modes are read from while Redis is away. */
  readonly executor: Executor;
  readonly log: TransitionLog;
  readonly settings: (type: string) => BreakerSettings;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly metrics?: Metrics;
  /** @default 750 ms */
  readonly pollIntervalMs?: number;
  /** Milliseconds that only go forward. @default since 1970, as the time was when the process started */
  readonly now?: () => number;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** The breakers of a worker. */
export interface SharedBreakers extends Breakers {
  /** Knows what is gated when it resolves, unless Redis is away. */
  start(): Promise<void>;
  /** Reports what is not yet reported. */
  close(): Promise<void>;
  /** `local` while Redis does not answer: this worker by itself, without probes. */
  readonly mode: 'shared' | 'local';
}

const steadyNow = (): number => performance.timeOrigin + performance.now();

/** News in quick succession are read together. */
const newsDelayMs = 20;

/** Reads again and again: after a while, sooner when asked, one read at a time. */
function createPoll(read: () => Promise<void>, intervalMs: number) {
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> | undefined;
  let isClosed = false;

  function readIn(delayMs: number): void {
    clearTimeout(timer);
    if (!isClosed) {
      timer = setTimeout(() => void readNow(), delayMs).unref();
    }
  }

  function readNow(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
      readIn(intervalMs);
    });
    return reading;
  }

  return {
    readNow,
    readSoon(): void {
      if (reading === undefined) {
        readIn(newsDelayMs);
      } else {
        // what is being read may be older than the news
        void reading.then(() => readIn(newsDelayMs));
      }
    },
    async close(): Promise<void> {
      isClosed = true;
      clearTimeout(timer);
      await reading;
    },
  };
}

/** Settings by type, asked for once each. */
function createSettingsOf(settings: (type: string) => BreakerSettings): (type: string) => CircuitSettings {
  const known = new Map<string, CircuitSettings>();
  return (type) => {
    const found = known.get(type) ?? circuitSettings(settings(type));
    known.set(type, found);
    return found;
  };
}

/**
 * Creates the breakers of one worker. Attempts are reported in batches, and successes only where somebody has seen
 * failures: what a scope without them would report is counted here for a minute, and told when the first failure of
 * any worker makes it matter.
 *
 * While Redis is away the worker goes on by itself: what was gated stays so, failures open breakers of its own, nothing
 * is probed. When Redis is back, what it says counts again; if it has forgotten, that is: nothing is gated.
 */
export function createBreakers(options: CreateBreakersOptions): SharedBreakers {
  const { store, log, now = steadyNow, random = Math.random } = options;
  const cache = createGateCache();
  const ledger = createSuccessLedger();
  /** Scopes that somebody has seen failures in, with when this worker saw one itself. */
  const failing = new Map<string, number>();
  const fallback = createFallbackStore({
    ...options,
    now,
    settingsOf: createSettingsOf(options.settings),
    gates: () => cache.entries(),
    onOutcome: learn,
    onLeft: tellLeft,
  });
  const queue = createReportQueue({ now, send: ({ scope, events }) => fallback.apply(scope, events) });
  const poll = createPoll(read, options.pollIntervalMs ?? 750);
  let stopListening: (() => void) | undefined;
  if (options.metrics !== undefined) {
    registerBreakerMetrics(options.metrics, cache);
  }

  function learn(scope: BreakerScope, outcome: BreakerOutcome, isLocal: boolean): void {
    const key = scopeKey(scope);
    cache.set(key, outcome.gate);
    if (outcome.isFailing) {
      failing.set(key, failing.get(key) ?? 0);
    }
    log.record(outcome.transitions.map((transition) => ({ ...transition, scope, isLocal })));
  }

  function tellLeft(gates: readonly (readonly [string, ScopeGate])[]): void {
    for (const [key, { circuits }] of gates) {
      const scope = parseScopeKey(key);
      const closed = { scope, to: 'closed', cause: 'redis-back', failures: 0, cooldownMs: 0, isLocal: true } as const;
      log.record(circuits.map(({ code, state }) => ({ ...closed, code, from: state })));
    }
  }

  /** Tells what went well before this worker knew that it matters; `endsRow` when that may be after the failure. */
  function reportHistory(scope: BreakerScope, key: string, endsRow: boolean): void {
    const { seconds, lastAtMs } = ledger.take(key, now());
    for (const { atMs, count } of seconds) {
      queue.add(scope, { kind: 'history', atMs, count });
    }
    if (endsRow && seconds.length > 0) {
      queue.add(scope, { kind: 'succeeded', atMs: lastAtMs, count: 0, isProbe: false });
    }
  }

  function follow(overview: BreakerOverview, askedAtMs: number): void {
    cache.replace(overview.gates);
    for (const key of overview.failing) {
      if (!failing.has(key)) {
        failing.set(key, 0);
        reportHistory(parseScopeKey(key), key, true);
      }
    }
    for (const [key, seenAtMs] of failing) {
      if (!overview.failing.has(key) && seenAtMs < askedAtMs && !queue.has(key)) {
        failing.delete(key);
      }
    }
  }

  async function read(): Promise<void> {
    const askedAtMs = now();
    ledger.prune(askedAtMs);
    const overview = await fallback.overview();
    if (overview !== undefined) {
      follow(overview, askedAtMs);
    }
  }

  return {
    get mode() {
      return fallback.mode;
    },
    gates: () => cache.gates(),
    gateOf: (scope) => (cache.size === 0 ? undefined : cache.gateOf(scopeKey(scope))),
    succeeded(scope, attempt) {
      const key = scopeKey(scope);
      const atMs = now();
      const isProbe = attempt?.isProbe === true;
      if (isProbe || failing.has(key)) {
        queue.add(scope, { kind: 'succeeded', atMs, count: 1, isProbe });
      } else {
        ledger.add(key, atMs);
      }
    },
    failed(scope, code, attempt) {
      const key = scopeKey(scope);
      const atMs = now();
      const isNew = !failing.has(key);
      failing.set(key, atMs);
      queue.add(scope, { kind: 'failed', atMs, code, isProbe: attempt?.isProbe === true, random: random() });
      if (isNew) {
        reportHistory(scope, key, false);
      }
    },
    probeReturned(scope) {
      queue.add(scope, { kind: 'probe-returned' });
    },
    async start() {
      stopListening = options.wakeUps.subscribe(store.changes, { message: poll.readSoon, active: poll.readSoon });
      await poll.readNow();
    },
    async close() {
      stopListening?.();
      await poll.close();
      await queue.close();
    },
  };
}
