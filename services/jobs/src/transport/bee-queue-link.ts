import { once } from 'node:events';
import { TimeoutError, withTimeout } from '@taskflow/resilience';
import { asError } from './as-error.ts';
import {
  consumeDeliveries,
  createDeliveryQueues,
  type DeliveryQueueOptions,
  type DeliveryQueues,
  giveBack,
  pushDeliveries,
} from './delivery-queues.ts';
import { askConfiguredServer, openRedisConnections, type RedisConnections } from './redis-connections.ts';
import { assertDurableFacts } from './redis-durability.ts';
import type { Delivery, WorkMs } from './transport.ts';
import { whenAborted } from './when-aborted.ts';

/** What a link needs to know. */
export interface LinkOptions extends DeliveryQueueOptions {
  readonly redisUrl: string;
  readonly onWarning: (message: string) => void;
  readonly openTimeoutMs: number;
  readonly pushTimeoutMs: number;
  /** Ends the opening. */
  readonly signal: AbortSignal;
}

/**
 * Connections to Redis with one bee-queue per priority on them. It lives until the first thing goes wrong and is then
 * thrown away as a whole: after an outage there is no old client that gave up, no pause between pops that has grown
 * (bee-queue doubles it for each pop that an outage ends, so 20 waiting pops are enough for days), and the scripts are
 * loaded again, because that is what opening a link does.
 */
export interface BeeQueueLink {
  /** Resolves with the reason when the link is of no use any more. */
  readonly lost: Promise<Error>;
  isUp(): boolean;
  /** @throws when a delivery may not have arrived, at the latest after `pushTimeoutMs` */
  push(deliveries: readonly Delivery[], workMs: WorkMs): Promise<void>;
  /** Takes no more, gives back what waits for a slot and resolves when the rest is dealt with or the signal aborts. */
  close(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** The longest that ending the pops may take; they are cut off then. */
const END_POPS_MS = 500;

interface Opened {
  readonly queues: DeliveryQueues;
  readonly connections: RedisConnections;
}

/**
 * Connects, checks the server, loads the scripts and begins to take deliveries.
 *
 * @throws UnsuitableRedisError when this Redis must not carry jobs; any other error when it cannot be reached
 */
export async function openBeeQueueLink(options: LinkOptions): Promise<BeeQueueLink> {
  const { promise: lost, resolve: settleLost } = Promise.withResolvers<Error>();
  const ended = new AbortController();
  const lose = (error: Error): void => {
    ended.abort(error);
    settleLost(error);
  };
  try {
    const opened = await withTimeout((timeout) => openQueues(options, ended.signal, lose, timeout), {
      timeoutMs: options.openTimeoutMs,
      what: 'connecting to Redis',
      signal: AbortSignal.any([ended.signal, options.signal]),
    });
    return { lost, ...startLink(opened, options, ended.signal, lose) };
  } catch (error) {
    lose(asError(error));
    throw error;
  }
}

async function openQueues(
  options: LinkOptions,
  ended: AbortSignal,
  lose: (error: Error) => void,
  timeout: AbortSignal,
): Promise<Opened> {
  const server = await askConfiguredServer(options.redisUrl, timeout);
  assertDurableFacts(server, options.onWarning);
  const connections = await openRedisConnections(options.redisUrl, {
    onGone: () => lose(new Error('the connection to Redis was lost')),
    onError: lose,
    onWarning: options.onWarning,
  });
  if (ended.aborted) {
    connections.end();
  }
  ended.throwIfAborted();
  const queues = createDeliveryQueues(options, connections.commands, lose);
  const dispose = (): void => {
    // Closing first marks the queues, so that their loops end instead of retrying what the connections fail.
    const closing = Object.values(queues).map((queue) => queue.close(1));
    connections.end();
    void Promise.allSettled(closing);
  };
  ended.addEventListener('abort', dispose, { once: true });
  await Promise.all(Object.values(queues).map((queue) => queue.ready()));
  connections.assertLeadTo(server);
  return { queues, connections };
}

function startLink(
  { queues, connections }: Opened,
  options: LinkOptions,
  ended: AbortSignal,
  lose: (error: Error) => void,
): Omit<BeeQueueLink, 'lost'> {
  const draining = new AbortController();
  consumeDeliveries(queues, options, connections.pops.popped, AbortSignal.any([ended, draining.signal]), lose);
  return {
    isUp: () => !ended.aborted && connections.commands.connected,
    async push(deliveries, workMs) {
      try {
        await withTimeout(() => pushDeliveries(queues, deliveries, options, connections.commands, workMs), {
          timeoutMs: options.pushTimeoutMs,
          what: 'pushing to Redis',
          signal: ended,
        });
      } catch (error) {
        if (error instanceof TimeoutError) {
          // Nobody knows any more what this connection will answer, and when.
          lose(error);
        }
        throw error;
      }
    },
    async close(timeoutMs, signal) {
      const stopped = AbortSignal.any([signal, ended]);
      await Promise.race([whenAborted(stopped), drain(queues, options, connections, draining, timeoutMs)]);
      lose(new Error('the link was closed'));
    },
  };
}

/** Ends the pops, then gives back what waits for a slot - the other order would pop it again - and waits for the rest. */
async function drain(
  queues: DeliveryQueues,
  options: LinkOptions,
  { blocking, pops, commands }: RedisConnections,
  draining: AbortController,
  timeoutMs: number,
): Promise<void> {
  await pops.end(commands, AbortSignal.timeout(END_POPS_MS));
  const closing = Promise.allSettled(Object.values(queues).map((queue) => queue.close(timeoutMs)));
  await Promise.allSettled(Object.values(queues).map((queue) => queue.ready()));
  for (const { stream } of blocking) {
    if (!stream.closed) {
      await once(stream, 'close');
    }
  }
  draining.abort();
  await giveBack(pops.popped, options, commands).catch((error: unknown) => options.onError(asError(error)));
  await closing;
}
