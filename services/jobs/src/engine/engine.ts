import { createNotificationListener, type Database, type NotificationListener } from '@taskflow/db';
import { type Clock, systemClock } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { AnyJobHandler } from '../job-handler.ts';
import { cancelChannel, jobsChannel } from '../job-notifier.ts';
import { createTransportSwitch } from '../transport/transport-switch.ts';
import type { JobTransport } from '../transport/transport.ts';
import type { Attempt } from './attempt.ts';
import type { RunInContext } from './attempt-runner.ts';
import { createConsumer } from './consumer.ts';
import { createDispatcher } from './dispatcher.ts';
import type { OnEngineEvent } from './engine-events.ts';
import { createJudge } from './judge.ts';
import { createOutstanding } from './outstanding.ts';
import { createReconciler, type ReconcileStep } from './reconciler.ts';
import { createRecorder } from './recorder.ts';
import { createRecoverySteps } from './recovery-steps.ts';
import { type EngineSettings, resolveSettings } from './settings.ts';
import { createSlots } from './slots.ts';
import { createTempo } from './tempo.ts';
import { createWatch } from './watch.ts';

/** Options of {@link createJobEngine}. */
export interface JobEngineOptions {
  /**
   * The engine's own pool, so that handlers cannot take its connections; six suffice. Open it with
   * {@link engineDatabaseParameters}.
   */
  readonly database: Database;
  /** Where to listen for NOTIFY; a connection of its own. @default polls alone */
  readonly listen?: { readonly url: string; readonly connectTimeoutMs: number };
  readonly handlers: readonly AnyJobHandler[];
  /** Most wanted first; the last one is used when none is up. */
  readonly transports: readonly JobTransport[];
  readonly breakers: Breakers;
  /** Looked after each tick besides lost leases and stale deliveries: releases, probes, schedules. @default none */
  readonly reconcileSteps?: readonly ReconcileStep[];
  readonly settings: EngineSettings;
  /** Tells this process from all others, also from earlier ones. */
  readonly workerName: string;
  /** Must not throw. */
  readonly onEvent: OnEngineEvent;
  /** Around each run of a handler. @default nothing */
  readonly runInContext?: RunInContext;
  /** @default systemClock */
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** Dispatches, runs and looks after jobs; a part of a worker's life. */
export interface JobEngine {
  start(): Promise<void>;
  /**
   * Takes no more jobs, gives back those that nobody has claimed, and lets running ones finish; those that take longer
   * than the grace period, or than the signal allows, are told to end and returned. Never throws.
   */
  stop(signal: AbortSignal): Promise<void>;
  /** @throws when dispatching has not reached PostgreSQL for a while */
  check(): Promise<void>;
  /** Jobs were accepted in this process. */
  wake(): void;
  /** Handlers that run now. */
  readonly running: number;
}

/**
 * Server parameters for the engine's pool. Its statements touch few rows of a table that may be empty when they are
 * planned and hold a million an hour later: from the beginning, rows are to be found one by one and by index.
 */
export const engineDatabaseParameters = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
} as const;

/** How long the last ends have to be written once no handler runs any more. */
const lastWordsMs = 700;

/** How long handlers have to end once they are told that the worker leaves. */
const farewellMs = 250;

/** Puts an engine together; nothing happens before `start`. */
export function createJobEngine(options: JobEngineOptions): JobEngine {
  const { database, breakers, onEvent, workerName: worker, clock = systemClock, random = Math.random } = options;
  const settings = resolveSettings(options.settings);
  const handlers = new Map(options.handlers.map((handler) => [handler.type.name, handler]));
  const types = options.handlers.map(({ type }) => type);
  const slots = createSlots(settings.concurrency);
  const outstanding = createOutstanding();
  const running = new Set<Attempt>();
  const tempo = createTempo();
  const recorder = createRecorder({ database, settings, clock, random });
  const watch = createWatch({ database, running, settings, clock, onEvent });
  const transports = createTransportSwitch({
    transports: options.transports,
    clock,
    onChange: (from, to) => onEvent({ kind: 'transport', from, to }),
  });
  const shared = { database, breakers, tempo, worker, settings, clock, random, onEvent };
  const dispatcher = createDispatcher({ ...shared, types, transports, outstanding, busy: () => slots.usedInAll });
  const consumer = createConsumer({
    ...shared,
    handlers,
    slots,
    recorder,
    judge: createJudge({ ...shared, recorder, onRetryIn: (delayMs) => dispatcher.wakeIn(delayMs) }),
    running,
    runInContext: options.runInContext,
    onClaimed(priority) {
      outstanding.claimed(priority);
      dispatcher.taken();
    },
    onStarted: () => watch.notice(),
    onEnded({ type }) {
      dispatcher.taken();
      if (type.concurrency !== undefined) {
        dispatcher.ended(type.name);
      }
    },
  });
  const reconciler = createReconciler({
    database,
    steps: [
      ...createRecoverySteps({ types, settings, onEvent, onRecovered: () => dispatcher.wake() }),
      ...(options.reconcileSteps ?? []),
    ],
    intervalMs: settings.reconcileIntervalMs,
    clock,
    random,
    onEvent,
  });
  let listener: NotificationListener | undefined;

  function listen({ url, connectTimeoutMs }: { url: string; connectTimeoutMs: number }): NotificationListener {
    return createNotificationListener({
      url,
      applicationName: `${worker} listen`,
      connectTimeoutMs,
      channels: [jobsChannel, cancelChannel],
      onNotification(channel, payload) {
        if (channel === jobsChannel) {
          dispatcher.wake();
        } else {
          cancel(payload);
        }
      },
      onListening() {
        dispatcher.wake();
        void watch.beat();
      },
      onError: (error) => onEvent({ kind: 'fault', where: 'listen', error }),
    });
  }

  function cancel(jobId: string): void {
    for (const attempt of running) {
      if (attempt.id === jobId) {
        attempt.abort('canceled', clock.now());
      }
    }
  }

  async function attempted(where: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      onEvent({ kind: 'fault', where, error });
    }
  }

  /** Resolves when no handler runs, at the latest when there is no more time for them. */
  async function finishRunning(signal: AbortSignal): Promise<void> {
    const endsAtMs = clock.now() + settings.shutdownGraceMs;
    while (running.size + consumer.claiming > 0 && !signal.aborted && clock.now() < endsAtMs) {
      await clock.sleep(25, signal).catch(() => undefined);
    }
  }

  async function returnRunning(): Promise<void> {
    const nowMs = clock.now();
    for (const attempt of running) {
      attempt.abort('shutdown', nowMs);
    }
    const endsAtMs = nowMs + Math.min(farewellMs, settings.abortGraceMs);
    while (running.size + consumer.claiming > 0 && clock.now() < endsAtMs) {
      await clock.sleep(10);
    }
    for (const attempt of running) {
      onEvent({ kind: 'abandoned', type: attempt.type, jobId: attempt.id });
      attempt.settle({ error: new Error('the worker leaves') });
    }
  }

  return {
    get running() {
      return running.size;
    },
    async start() {
      for (const transport of options.transports) {
        await transport.start((delivery) => consumer.consume(delivery), settings.concurrency);
      }
      dispatcher.start();
      reconciler.start();
      listener = options.listen === undefined ? undefined : listen(options.listen);
    },
    async stop(signal) {
      consumer.close();
      const transportsStopped = Promise.all(
        options.transports.map((transport) => attempted('stop', () => transport.stop(signal))),
      );
      await Promise.all([
        attempted('stop', async () => listener?.stop()),
        attempted('stop', () => reconciler.stop()),
        attempted('stop', () => dispatcher.stop()),
        finishRunning(signal),
      ]);
      await returnRunning();
      await recorder.drained(AbortSignal.timeout(lastWordsMs));
      await watch.stop();
      await transportsStopped;
    },
    check() {
      const silentMs = clock.now() - dispatcher.lastRoundMs;
      const mostMs = Math.max(10_000, settings.pollIntervalMs * 5);
      return silentMs > mostMs
        ? Promise.reject(new Error(`no jobs could be dispatched for ${Math.round(silentMs / 1_000)} s`))
        : Promise.resolve();
    },
    wake: () => dispatcher.wake(),
  };
}
