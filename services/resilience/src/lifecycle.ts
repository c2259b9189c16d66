import { type Clock, systemClock } from './clock.ts';
import { retry } from './retry.ts';
import { TimeoutError, withTimeout } from './with-timeout.ts';

/** Where a process is in its life; it only moves to the right. */
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'stopped';

/** Whether traffic should come here, and why not. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** One sentence per obstacle; empty when ready. */
  readonly reasons: readonly string[];
}

/** Something that is started, watched and stopped with the process: a server, a pool, a subscription. */
export interface LifecyclePart {
  readonly name: string;
  /** Resolves when the part can be used. The signal aborts when the process is told to leave meanwhile. */
  readonly start?: (signal: AbortSignal) => Promise<void>;
  /** Whether a failed start may succeed later: then it is repeated with backoff. @default never */
  readonly isWaitable?: (error: unknown) => boolean;
  /** Throws when the part is not fit for traffic; asked for each readiness report. */
  readonly check?: (signal: AbortSignal) => Promise<void>;
  /** Lets work under way finish; when the signal aborts it must end now. */
  readonly stop?: (signal: AbortSignal) => Promise<void>;
  /** The longest this stop may take. @default what is left of the grace period */
  readonly stopTimeoutMs?: number;
}

/** The lines a lifecycle writes; a pino logger fits. */
export interface LifecycleLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a lifecycle needs to know. */
export interface LifecycleOptions {
  readonly log: LifecycleLog;
  /** How long to keep serving after readiness failed, so that load balancers notice. */
  readonly drainDelayMs: number;
  /** How long work under way may take to finish, all parts together. */
  readonly gracePeriodMs: number;
  /** The longest a readiness check may take. @default 2 s */
  readonly checkTimeoutMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** How a process ended. */
export interface StopReport {
  /** Names of the parts that failed to stop or did not stop in time. */
  readonly unclean: readonly string[];
}

/** `starting -> ready -> draining -> stopped` for the parts of one process. */
export interface Lifecycle {
  readonly state: LifecycleState;
  /** Starts the parts one after another, waiting for those that may come later. @throws what a start threw */
  start(): Promise<void>;
  /** Ready when every part has started, nothing drains and every check passes. */
  readiness(): Promise<ReadinessReport>;
  /** Fails readiness at once, serves on for the drain delay, then stops the parts in reverse order. Never throws; later calls get the same answer. */
  stop(reason: string): Promise<StopReport>;
}

/** However little of the grace period is left, closing a pool gets this long. */
const shortestStopMs = 1_000;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** Builds the lifecycle of `parts`, which are started in this order and stopped in the reverse. */
export function createLifecycle(parts: readonly LifecyclePart[], options: LifecycleOptions): Lifecycle {
  const { log, clock = systemClock, random = Math.random, checkTimeoutMs = 2_000 } = options;
  const leaving = new AbortController();
  const started: LifecyclePart[] = [];
  let state: LifecycleState = 'starting';
  let waitingFor = 'the first part';
  let stopping: Promise<StopReport> | undefined;
  let starting: Promise<void> | undefined;

  async function startPart(part: LifecyclePart): Promise<void> {
    waitingFor = part.name;
    // from here on it may hold something, so it is stopped even when its start fails
    started.push(part);
    await retry(async () => part.start?.(leaving.signal), {
      baseDelayMs: 200,
      maxDelayMs: 5_000,
      clock,
      random,
      signal: leaving.signal,
      shouldRetry: (error) => !leaving.signal.aborted && part.isWaitable?.(error) === true,
      onRetry: ({ error, attempt, delayMs }) =>
        log.warn({ part: part.name, attempt, delayMs, reason: messageOf(error) }, `waiting for ${part.name}`),
    });
  }

  async function startAll(): Promise<void> {
    for (const part of parts) {
      await startPart(part);
      leaving.signal.throwIfAborted();
    }
    state = 'ready';
    log.info({ state }, 'ready');
  }

  async function stopPart(part: LifecyclePart, graceEndsAtMs: number): Promise<boolean> {
    const leftMs = Math.max(graceEndsAtMs - clock.now(), shortestStopMs);
    const timeoutMs = Math.min(part.stopTimeoutMs ?? leftMs, leftMs);
    const now = new AbortController();
    const run = async (): Promise<void> => part.stop?.(now.signal);
    const running = run();
    try {
      await withTimeout(() => running, { timeoutMs, clock, what: `stopping ${part.name}` }).catch(
        async (error: unknown) => {
          if (!(error instanceof TimeoutError)) {
            throw error;
          }
          now.abort(error);
          await withTimeout(() => running, { timeoutMs: shortestStopMs, clock, what: `stopping ${part.name} at once` });
        },
      );
      return true;
    } catch (error) {
      log.error({ part: part.name, err: error }, `${part.name} did not stop cleanly`);
      return false;
    }
  }

  async function stopAll(reason: string): Promise<StopReport> {
    const wasServing = state === 'ready';
    state = 'draining';
    log.info({ state, reason }, 'draining');
    leaving.abort(new Error(`told to leave: ${reason}`));
    await starting?.catch(() => undefined);
    if (wasServing) {
      await clock.sleep(options.drainDelayMs);
    }
    const graceEndsAtMs = clock.now() + options.gracePeriodMs;
    const unclean: string[] = [];
    for (const part of started.toReversed()) {
      if (!(await stopPart(part, graceEndsAtMs))) {
        unclean.push(part.name);
      }
    }
    state = 'stopped';
    log.info({ state, unclean }, 'stopped');
    return { unclean };
  }

  async function obstacleOf(part: LifecyclePart): Promise<string | undefined> {
    const { check } = part;
    if (check === undefined) {
      return undefined;
    }
    try {
      await withTimeout((signal) => check(signal), { timeoutMs: checkTimeoutMs, clock, what: 'the check' });
      return undefined;
    } catch (error) {
      return `${part.name}: ${messageOf(error)}`;
    }
  }

  return {
    get state() {
      return state;
    },
    start() {
      starting ??= startAll();
      return starting;
    },
    async readiness() {
      if (state !== 'ready') {
        return { ready: false, reasons: [state === 'starting' ? `starting: waiting for ${waitingFor}` : state] };
      }
      const obstacles = await Promise.all(parts.map(obstacleOf));
      const reasons = obstacles.filter((obstacle) => obstacle !== undefined);
      return { ready: reasons.length === 0, reasons };
    },
    stop(reason) {
      stopping ??= stopAll(reason);
      return stopping;
    },
  };
}
