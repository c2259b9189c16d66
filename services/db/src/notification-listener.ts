import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { quoteIdentifier } from './access-grants.ts';
import { connectionSettings } from './connection-settings.ts';

/** Options of {@link createNotificationListener}. */
export interface NotificationListenerOptions {
  readonly url: string;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly channels: readonly string[];
  /** Must not throw. */
  readonly onNotification: (channel: string, payload: string) => void;
  /** From now on notifications arrive; whatever was sent before may have been missed. Must not throw. */
  readonly onListening: () => void;
  /** Told of each lost connection and each failed try. Must not throw. */
  readonly onError: (error: unknown) => void;
  /** How often the connection proves that it is alive. @default 15 s */
  readonly heartbeatMs?: number;
  /** The longest pause between two tries. @default 5 s */
  readonly maxRetryDelayMs?: number;
}

/** Hears NOTIFY on a connection of its own, which finds back by itself. */
export interface NotificationListener {
  /** Whether notifications arrive right now. */
  readonly isListening: boolean;
  /** Closes the connection for good. */
  stop(): Promise<void>;
}

/** Resolves when the connection is over: broken, closed, silent, or told to end by the signal. */
async function untilOver(client: Client, heartbeatMs: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  client.once('error', end);
  client.once('end', end);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) {
    end();
  }
  try {
    // told to stop while it was still connecting
    if (signal.aborted) {
      end();
    }
    while (!over.signal.aborted) {
      await delay(heartbeatMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
      if (!over.signal.aborted) {
        await client.query('select 1');
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Begins to listen at once; never throws, and never gives up until it is stopped. */
export function createNotificationListener(options: NotificationListenerOptions): NotificationListener {
  const { channels, onNotification, onListening, onError, heartbeatMs = 15_000, maxRetryDelayMs = 5_000 } = options;
  const stopped = new AbortController();
  let isListening = false;
  let failures = 0;

  async function listenOnce(): Promise<void> {
    const client = new Client(
      connectionSettings({ ...options, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 }),
    );
    client.on('error', onError);
    client.on('notification', ({ channel, payload }) => onNotification(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of channels) {
        await client.query(`listen ${quoteIdentifier(channel)}`);
      }
      isListening = true;
      failures = 0;
      onListening();
      await untilOver(client, heartbeatMs, stopped.signal);
    } finally {
      isListening = false;
      await client.end().catch(() => undefined);
    }
  }

  async function listen(): Promise<void> {
    while (!stopped.signal.aborted) {
      await listenOnce().catch(onError);
      failures += 1;
      const pauseMs = Math.min(maxRetryDelayMs, 100 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
      await delay(pauseMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  }

  const listening = listen();
  return {
    get isListening() {
      return isListening;
    },
    async stop() {
      stopped.abort();
      await listening;
    },
  };
}
