import { backoffDelayMs, type Clock, systemClock } from '@taskflow/resilience';
import { asError } from './as-error.ts';
import { type BeeQueueLink, type LinkOptions, openBeeQueueLink } from './bee-queue-link.ts';
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
 * their queue on `stop`. Deliveries of types that are dealt with quickly travel in bundles, which bee-queue takes for one
 * job: its way through Redis costs more than such a delivery itself.
 */
export function createBeeQueueTransport(options: BeeQueueTransportOptions): BeeQueueTransport {
  const { clock = systemClock } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const state: LinkState = { link: undefined, attemptedAtMs: clock.now() };
  let supervision: Promise<void> | undefined;

  const takeWith = (consume: Consume, slots: Slots) => (deliveries: readonly Delivery[], signal: AbortSignal) =>
    slots.run(deliveries[0]?.priority ?? 'default', signal, async () => {
      const consuming = Promise.all(
        deliveries.map((delivery) => consume(delivery).catch((error: unknown) => options.onError(asError(error)))),
      );
      underWay.add(consuming);
      await consuming;
      underWay.delete(consuming);
    });

  return {
    name: 'bee-queue',
    async start(consume, concurrency) {
      const { promise: first, resolve: onFirst } = Promise.withResolvers<Error | undefined>();
      const take = takeWith(consume, createSlots(concurrency));
      const linkOptions = linkOptionsOf(options, { take, concurrency, signal: stopping.signal });
      supervision = keepLinked(state, linkOptions, createReporter(options.onError, clock), clock, onFirst);
      const error = await first;
      if (error instanceof UnsuitableRedisError) {
        stopping.abort();
        await supervision;
        throw error;
      }
    },
    async push(deliveries, workMs = () => undefined) {
      if (state.link === undefined || !state.link.isUp()) {
        throw new Error('Redis is not connected');
      }
      await state.link.push(deliveries, workMs);
    },
    isUp: () => state.link?.isUp() ?? false,
    isAlive: () => state.link !== undefined || clock.now() - state.attemptedAtMs < ALIVE_MS,
    async stop(signal) {
      stopping.abort();
      await state.link?.close(options.stopTimeoutMs ?? 60_000, signal);
      await Promise.race([Promise.all(underWay), whenAborted(signal)]);
      await supervision;
    },
  };
}

interface LinkState {
  link: BeeQueueLink | undefined;
  /** When the latest link was opened, or tried to. */
  attemptedAtMs: number;
}

function linkOptionsOf(
  options: BeeQueueTransportOptions,
  rest: Pick<LinkOptions, 'take' | 'concurrency' | 'signal'>,
): LinkOptions {
  const warned = new Set<string>();
  return {
    ...rest,
    redisUrl: options.redisUrl,
    prefix: options.prefix ?? 'taskflow:jobs',
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
  };
}

/** Opens link after link until the signal of its options aborts. Never rejects. */
async function keepLinked(
  state: LinkState,
  options: LinkOptions,
  report: (error: Error) => void,
  clock: Clock,
  onFirst: (error?: Error) => void,
): Promise<void> {
  const stopping = options.signal;
  for (let failures = 1; !stopping.aborted; failures += 1) {
    state.attemptedAtMs = clock.now();
    let error: Error;
    try {
      state.link = await openBeeQueueLink(options);
      onFirst();
      if (stopping.aborted) {
        await state.link.close(1, stopping);
      }
      error = await state.link.lost;
      state.link = undefined;
    } catch (thrown) {
      error = asError(thrown);
      onFirst(error);
    }
    if (clock.now() - state.attemptedAtMs > STABLE_MS) {
      failures = 1;
    }
    if (!stopping.aborted) {
      report(error);
      await clock.sleep(backoffDelayMs(failures, RECONNECT, Math.random), stopping).catch(() => undefined);
    }
  }
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
