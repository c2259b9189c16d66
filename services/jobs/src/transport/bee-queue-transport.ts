import { backoffDelayMs, type Clock, systemClock } from '@taskflow/resilience';
import { asError } from './as-error.ts';
import { type BeeQueueLink, openBeeQueueLink } from './bee-queue-link.ts';
import { UnsuitableRedisError } from './redis-durability.ts';
import { createSlots, type Slots } from './slots.ts';
import type { Consume, Delivery, JobTransport } from './transport.ts';
import { whenAborted } from './when-aborted.ts';

/** Options of {@link createBeeQueueTransport}. */
export interface BeeQueueTransportOptions {
  /** `redis://` or `rediss://`, with user, password and database where needed. */
  readonly redisUrl: string;
  /** Stands before every key. @default 'taskflow:jobs' */
  readonly prefix?: string;
  /** Told why Redis cannot be used, and of every delivery that could not be read; never more often than it changes. */
  readonly onError: (error: Error) => void;
  readonly onWarning: (message: string) => void;
  /** The longest that connecting may take. @default 5 s */
  readonly openTimeoutMs?: number;
  /** The longest that a push may take. @default 1 s */
  readonly pushTimeoutMs?: number;
  /**
   * A consumer that says nothing for this long loses what it took: it is delivered again after one to two of these.
   * Nothing but time is lost by that, the claim knows which delivery counts. @default 10 s
   */
  readonly stallIntervalMs?: number;
  /** The longest that `stop` waits should its signal never abort. @default 60 s */
  readonly stopTimeoutMs?: number;
  readonly clock?: Clock;
}

/** Carries deliveries through Redis, one bee-queue for each priority. */
export interface BeeQueueTransport extends JobTransport {
  /** False when nothing has been tried for a minute to come back to Redis: only a new process helps. */
  isAlive(): boolean;
}

const RECONNECT = { baseDelayMs: 200, maxDelayMs: 2_000 };
/** A link that held this long was a good one; the next failure begins with short delays again. */
const STABLE_MS = 10_000;
const ALIVE_MS = 60_000;
/** How often the same trouble is reported. */
const REPEAT_REPORT_MS = 60_000;

/**
 * The normal transport. While Redis is away pushes fail at once and the transport tries to come back for ever, at most
 * some seconds apart; consuming goes on by itself.
 *
 * At most `concurrency` deliveries are consumed at a time, 90 % of them of lower priority than `critical` and half of
 * them `bulk`. Up to 2.4 times as many are taken from Redis: those over wait here, most urgent first, and go back to
 * their queue on `stop`.
 */
export function createBeeQueueTransport(options: BeeQueueTransportOptions): BeeQueueTransport {
  const { clock = systemClock } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const report = createReporter(options.onError, clock);
  const warned = new Set<string>();
  let link: BeeQueueLink | undefined;
  let attemptedAtMs = clock.now();
  let supervision: Promise<void> | undefined;

  const takeWith = (consume: Consume, slots: Slots) => (delivery: Delivery, signal: AbortSignal) =>
    slots.run(delivery.priority, signal, async () => {
      const consuming = consume(delivery).catch((error: unknown) => options.onError(asError(error)));
      underWay.add(consuming);
      await consuming;
      underWay.delete(consuming);
    });

  async function supervise(consume: Consume, concurrency: number, onFirst: (error?: Error) => void): Promise<void> {
    const take = takeWith(consume, createSlots(concurrency));
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      attemptedAtMs = clock.now();
      let error: Error;
      try {
        link = await openBeeQueueLink({
          redisUrl: options.redisUrl,
          prefix: options.prefix ?? 'taskflow:jobs',
          concurrency,
          take,
          onError: options.onError,
          onWarning(message) {
            if (!warned.has(message)) {
              warned.add(message);
              options.onWarning(message);
            }
          },
          openTimeoutMs: options.openTimeoutMs ?? 5_000,
          pushTimeoutMs: options.pushTimeoutMs ?? 1_000,
          stallIntervalMs: options.stallIntervalMs ?? 10_000,
          signal: stopping.signal,
        });
        onFirst();
        if (stopping.signal.aborted) {
          await link.close(1, stopping.signal);
        }
        error = await link.lost;
        link = undefined;
      } catch (thrown) {
        error = asError(thrown);
        onFirst(error);
      }
      if (clock.now() - attemptedAtMs > STABLE_MS) {
        failures = 1;
      }
      if (!stopping.signal.aborted) {
        report(error);
        await clock.sleep(backoffDelayMs(failures, RECONNECT, Math.random), stopping.signal).catch(() => undefined);
      }
    }
  }

  return {
    name: 'bee-queue',
    async start(consume, concurrency) {
      const { promise: first, resolve: onFirst } = Promise.withResolvers<Error | undefined>();
      supervision = supervise(consume, concurrency, onFirst);
      const error = await first;
      if (error instanceof UnsuitableRedisError) {
        stopping.abort();
        await supervision;
        throw error;
      }
    },
    async push(deliveries) {
      if (link === undefined || !link.isUp()) {
        throw new Error('Redis is not connected');
      }
      await link.push(deliveries);
    },
    isUp: () => link?.isUp() ?? false,
    isAlive: () => link !== undefined || clock.now() - attemptedAtMs < ALIVE_MS,
    async stop(signal) {
      stopping.abort();
      await link?.close(options.stopTimeoutMs ?? 60_000, signal);
      await Promise.race([Promise.all(underWay), whenAborted(signal)]);
      await supervision;
    },
  };
}

/** Passes on an error when it is another than the last, or the same after a while. */
function createReporter(onError: (error: Error) => void, clock: Clock): (error: Error) => void {
  let last: string | undefined;
  let reportedAtMs = 0;
  return (error) => {
    if (error.message !== last || clock.now() - reportedAtMs > REPEAT_REPORT_MS) {
      last = error.message;
      reportedAtMs = clock.now();
      onError(error);
    }
  };
}
