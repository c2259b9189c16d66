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
import type { Delivery } from './transport.ts';
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
  push(deliveries: readonly Delivery[]): Promise<void>;
  /** Takes no more, gives back what waits for a slot and resolves when the rest is dealt with or the signal aborts. */
  close(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/**
 * Connects, checks the server, loads the scripts and begins to take deliveries.
 *
 * @throws UnsuitableRedisError when this Redis must not carry jobs; any other error when it cannot be reached
 */
export async function openBeeQueueLink(options: LinkOptions): Promise<BeeQueueLink> {
  const { promise: lost, resolve: settleLost } = Promise.withResolvers<Error>();
  const ended = new AbortController();
  let disconnect: () => void = () => undefined;
  const lose = (error: Error): void => {
    if (!ended.signal.aborted) {
      ended.abort(error);
      disconnect();
      settleLost(error);
    }
  };
  const open = async (timeout: AbortSignal): Promise<BeeQueueLink> => {
    const server = await askConfiguredServer(options.redisUrl, timeout);
    assertDurableFacts(server, options.onWarning);
    const connections = await openRedisConnections(options.redisUrl, {
      onGone: () => lose(new Error('the connection to Redis was lost')),
      onError: lose,
      onWarning: options.onWarning,
    });
    disconnect = () => connections.end();
    if (ended.signal.aborted) {
      disconnect();
    }
    ended.signal.throwIfAborted();
    const queues = createDeliveryQueues(options, connections.commands, lose);
    disconnect = () => {
      // Closing first marks the queues, so that their loops end instead of retrying what the connections fail.
      const closing = Object.values(queues).map((queue) => queue.close(1));
      connections.end();
      void Promise.allSettled(closing);
    };
    await Promise.all(Object.values(queues).map((queue) => queue.ready()));
    connections.assertLeadTo(server);
    ended.signal.throwIfAborted();
    const draining = new AbortController();
    consumeDeliveries(queues, options, connections.popped, AbortSignal.any([ended.signal, draining.signal]), lose);
    return {
      lost,
      isUp: () => !ended.signal.aborted && connections.commands.connected,
      async push(deliveries) {
        try {
          await withTimeout(() => pushDeliveries(queues, deliveries, options, connections.commands), {
            timeoutMs: options.pushTimeoutMs,
            what: 'pushing to Redis',
            signal: ended.signal,
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
        const stopped = AbortSignal.any([signal, ended.signal]);
        await Promise.race([whenAborted(stopped), drain(queues, options, connections, draining, timeoutMs)]);
        lose(new Error('the link was closed'));
      },
    };
  };
  try {
    return await withTimeout(open, {
      timeoutMs: options.openTimeoutMs,
      what: 'connecting to Redis',
      signal: AbortSignal.any([ended.signal, options.signal]),
    });
  } catch (error) {
    lose(asError(error));
    throw error;
  }
}

/** Ends the pops, then gives back what waits for a slot - the other order would pop it again - and waits for the rest. */
async function drain(
  queues: DeliveryQueues,
  options: LinkOptions,
  { blocking, popped, commands }: RedisConnections,
  draining: AbortController,
  timeoutMs: number,
): Promise<void> {
  const closing = Promise.allSettled(Object.values(queues).map((queue) => queue.close(timeoutMs)));
  await Promise.allSettled(Object.values(queues).map((queue) => queue.ready()));
  for (const { stream } of blocking) {
    if (!stream.closed) {
      await once(stream, 'close');
    }
  }
  draining.abort();
  await giveBack(popped, options, commands).catch((error: unknown) => options.onError(asError(error)));
  await closing;
}
