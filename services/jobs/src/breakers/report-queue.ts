import type { CircuitEvent } from '@taskflow/resilience';
import type { BreakerEvent } from './breaker-event.ts';
import { type BreakerScope, scopeKey } from './breakers.ts';

/** Events of one scope, in the order in which they happened. */
export interface Report {
  readonly scope: BreakerScope;
  readonly events: readonly BreakerEvent[];
}

/** Events on their way to the store. */
export interface ReportQueue {
  /** Failures and what probes found leave at once, with all that waits; successes wait for company. */
  add(scope: BreakerScope, event: CircuitEvent): void;
  /** Whether something of a scope has not arrived yet. */
  has(scopeKey: string): boolean;
  /** Sends the rest. */
  close(): Promise<void>;
}

/** How long successes wait for company. */
const patienceMs = 100;

interface Waiting {
  readonly scope: BreakerScope;
  readonly events: CircuitEvent[];
}

function isUrgent(event: CircuitEvent): boolean {
  return event.kind === 'failed' || event.kind === 'probe-returned' || (event.kind === 'succeeded' && event.isProbe);
}

/** Successes of the same second are told as one. @returns whether the event went into the one before it */
function merge(events: CircuitEvent[], event: CircuitEvent): boolean {
  const last = events.at(-1);
  if (last?.kind !== 'succeeded' || event.kind !== 'succeeded' || last.isProbe || event.isProbe) {
    return false;
  }
  if (Math.floor(last.atMs / 1_000) !== Math.floor(event.atMs / 1_000)) {
    return false;
  }
  events[events.length - 1] = { ...event, count: last.count + event.count };
  return true;
}

/** Creates a queue of which one batch is under way at a time, scopes side by side. `send` must not throw. */
export function createReportQueue(options: {
  readonly send: (report: Report) => Promise<void>;
  readonly now: () => number;
}): ReportQueue {
  const { send, now } = options;
  let waiting = new Map<string, Waiting>();
  let underWay: ReadonlyMap<string, Waiting> = new Map();
  let sending: Promise<void> | undefined;
  let isHurried = false;
  let timer: NodeJS.Timeout | undefined;

  function aged(event: CircuitEvent, nowMs: number): BreakerEvent {
    if (!('atMs' in event)) {
      return event;
    }
    const { atMs, ...rest } = event;
    return { ...rest, ageMs: Math.max(0, Math.round(nowMs - atMs)) };
  }

  async function sendAll(): Promise<void> {
    do {
      isHurried = false;
      clearTimeout(timer);
      timer = undefined;
      underWay = waiting;
      waiting = new Map();
      const nowMs = now();
      await Promise.all(
        Array.from(underWay.values(), ({ scope, events }) =>
          send({ scope, events: events.map((event) => aged(event, nowMs)) }),
        ),
      );
      underWay = new Map();
    } while (isHurried);
    sending = undefined;
    if (waiting.size > 0) {
      sendLater();
    }
  }

  function sendLater(): void {
    if (sending === undefined) {
      timer ??= setTimeout(sendNow, patienceMs).unref();
    }
  }

  function sendNow(): void {
    // after the caller is through, so that what it reports together is sent together
    sending ??= Promise.resolve().then(sendAll);
  }

  return {
    add(scope, event) {
      const key = scopeKey(scope);
      const report = waiting.get(key);
      if (report === undefined) {
        waiting.set(key, { scope, events: [event] });
      } else if (!merge(report.events, event)) {
        report.events.push(event);
      }
      if (isUrgent(event)) {
        isHurried = true;
        sendNow();
      } else {
        sendLater();
      }
    },
    has: (key) => waiting.has(key) || underWay.has(key),
    async close() {
      isHurried = waiting.size > 0;
      if (isHurried) {
        sendNow();
      }
      await sending;
      clearTimeout(timer);
    },
  };
}
