import { Redis, type RedisOptions } from 'ioredis';

export type { Redis } from 'ioredis';

/** Options of {@link createRedis}. */
export interface RedisClientOptions {
  readonly url: string;
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  /** Told of every lost connection and failed attempt; a client without it would end the process. */
  readonly onError: (error: Error) => void;
  /** @default 2 s */
  readonly connectTimeoutMs?: number;
  /** The longest a command may take. @default 1 s */
  readonly commandTimeoutMs?: number;
}

/** Settings under which nothing waits for a Redis that is away. */
function failFast(options: RedisClientOptions) {
  const commandTimeoutMs = options.commandTimeoutMs ?? 1_000;
  return {
    connectionName: options.name,
    connectTimeout: options.connectTimeoutMs ?? 2_000,
    commandTimeout: commandTimeoutMs,
    // a command without any answer means a dead network: reconnect instead of timing out each one
    socketTimeout: commandTimeoutMs * 2,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000) + Math.floor(Math.random() * 100),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
}

/**
 * Connects to Redis for use on request paths: while Redis is away commands fail at once, and the
 * client goes on trying to come back, for ever.
 */
export function createRedis(options: RedisClientOptions): Redis {
  const redis = new Redis(options.url, failFast(options));
  redis.on('error', options.onError);
  return redis;
}

/** Ends a connection: politely when it is up, at once when it is not. Never throws. */
export async function closeRedis(redis: Redis): Promise<void> {
  try {
    await redis.quit();
  } catch {
    redis.disconnect();
  }
}
