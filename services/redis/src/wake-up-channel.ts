import type { Redis } from 'ioredis';
import { closeRedis, createRedis } from './redis-client.ts';

/** Options of {@link createWakeUpChannel}. */
export interface WakeUpChannelOptions {
  readonly url: string;
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  /** Sends; may be shared with other request paths. The channel does not close it. */
  readonly publisher: Redis;
  /** Told of lost connections, of wake-ups that were dropped and of listeners that threw. */
  readonly onError: (error: Error) => void;
  /** How often the listening connection proves that it is alive. @default 10 s */
  readonly heartbeatMs?: number;
}

/** Who listens to a topic. */
export interface WakeUpListener {
  /** A wake-up arrived. */
  message(payload: string): void;
  /**
   * From now on wake-ups arrive; whatever was published before may have been missed. Called when the
   * subscription is first made and again after every interruption.
   */
  active?(): void;
}

/**
 * Tells other processes that something happened. It carries no truth: wake-ups are lost while Redis
 * is away, so listeners read the truth from PostgreSQL, when woken and when `active`.
 */
export interface WakeUpChannel {
  /** Wakes every listener of the topic, in every process, this one included. Never throws or waits. */
  publish(topic: string, payload: string): void;
  /** Listens until the answered function is called. */
  subscribe(topic: string, listener: WakeUpListener): () => void;
  /** Calls back after every topic was subscribed again; answers how to stop that. */
  onReconnect(handler: () => void): () => void;
  /** Whether wake-ups arrive right now. */
  readonly state: 'connected' | 'disconnected';
  close(): Promise<void>;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Opens a channel with a listening connection of its own, which finds back by itself. */
export function createWakeUpChannel(options: WakeUpChannelOptions): WakeUpChannel {
  const { publisher, onError, heartbeatMs = 10_000 } = options;
  const subscriber = createRedis({ url: options.url, name: options.name, onError });
  const topics = new Map<string, Set<WakeUpListener>>();
  const reconnectHandlers = new Set<() => void>();
  let state: WakeUpChannel['state'] = 'disconnected';
  /** Topics that come from here on are subscribed by themselves. */
  let isReady = false;
  let hasConnected = false;

  function guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      onError(asError(error));
    }
  }

  async function subscribeTo(names: readonly string[]): Promise<void> {
    if (names.length > 0) {
      await subscriber.subscribe(...names);
    }
    for (const name of names) {
      for (const listener of topics.get(name) ?? []) {
        guarded(() => listener.active?.());
      }
    }
  }

  async function onReady(): Promise<void> {
    isReady = true;
    await subscribeTo([...topics.keys()]);
    state = 'connected';
    if (hasConnected) {
      for (const handler of reconnectHandlers) {
        guarded(handler);
      }
    }
    hasConnected = true;
  }

  subscriber.on('ready', () => {
    onReady().catch((error: unknown) => {
      onError(asError(error));
      // without its subscriptions the connection is deaf: begin again
      subscriber.disconnect(true);
    });
  });
  subscriber.on('close', () => {
    isReady = false;
    state = 'disconnected';
  });
  subscriber.on('message', (topic: string, payload: string) => {
    for (const listener of topics.get(topic) ?? []) {
      guarded(() => listener.message(payload));
    }
  });

  const heartbeat = setInterval(() => {
    if (state === 'connected') {
      // an answer that stays out closes the connection (socketTimeout), and that leads to 'ready' again
      subscriber.ping().catch(() => undefined);
    }
  }, heartbeatMs);
  heartbeat.unref();

  function unsubscribe(topic: string, listener: WakeUpListener): void {
    const listeners = topics.get(topic);
    if (listeners === undefined || !listeners.delete(listener) || listeners.size > 0) {
      return;
    }
    topics.delete(topic);
    if (isReady) {
      subscriber.unsubscribe(topic).catch((error: unknown) => onError(asError(error)));
    }
  }

  return {
    get state() {
      return state;
    },
    publish(topic, payload) {
      publisher.publish(topic, payload).catch((error: unknown) => {
        onError(new Error(`wake-up for ${topic} was dropped`, { cause: error }));
      });
    },
    subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set();
      const isNew = listeners.size === 0;
      listeners.add(listener);
      topics.set(topic, listeners);
      if (isReady) {
        if (isNew) {
          subscribeTo([topic]).catch((error: unknown) => {
            onError(asError(error));
            subscriber.disconnect(true);
          });
        } else {
          guarded(() => listener.active?.());
        }
      }
      return () => unsubscribe(topic, listener);
    },
    onReconnect(handler) {
      reconnectHandlers.add(handler);
      return () => {
        reconnectHandlers.delete(handler);
      };
    },
    async close() {
      clearInterval(heartbeat);
      await closeRedis(subscriber);
    },
  };
}
