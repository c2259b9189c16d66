import type { Redis } from '@taskflow/redis';

/** This Redis must not carry jobs; the message says why and what to change. */
export class UnsuitableRedisError extends Error {
  override readonly name = 'UnsuitableRedisError';
  readonly code = 'REDIS_UNSUITABLE';
}

/** What a Redis says about itself. */
export interface RedisFacts {
  /** Differs between any two servers, and between two starts of the same. */
  readonly runId: string | undefined;
  /** Undefined where the server does not tell. */
  readonly maxmemoryPolicy: string | undefined;
  readonly isAppendOnly: boolean;
}

const reply = (info: string, field: string): string | undefined =>
  new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1];

/** Asks by `INFO`, which managed servers allow where they forbid `CONFIG`. */
export async function readRedisFacts(redis: Redis): Promise<RedisFacts> {
  const info = await redis.info();
  return {
    runId: reply(info, 'run_id'),
    maxmemoryPolicy: reply(info, 'maxmemory_policy'),
    isAppendOnly: reply(info, 'aof_enabled') === '1',
  };
}

/**
 * Makes sure that a Redis keeps what it is given: one that evicts would silently lose deliveries and breakers.
 *
 * @param onWarning told when there is no append-only file: a restart then costs every queued job a new dispatch
 * @throws UnsuitableRedisError
 */
export function assertDurableFacts(facts: RedisFacts, onWarning: (message: string) => void): void {
  const { maxmemoryPolicy, isAppendOnly } = facts;
  if (maxmemoryPolicy !== undefined && maxmemoryPolicy !== 'noeviction') {
    throw new UnsuitableRedisError(
      `Redis may evict keys (maxmemory-policy ${maxmemoryPolicy}) and would lose queued jobs: set maxmemory-policy noeviction`,
    );
  }
  if (!isAppendOnly) {
    onWarning('Redis keeps no append-only file (appendonly no): what is queued is dispatched again after it restarts');
  }
}

/** Reads what the Redis says about itself and holds it against {@link assertDurableFacts}. */
export async function assertDurableRedis(redis: Redis, onWarning: (message: string) => void): Promise<void> {
  assertDurableFacts(await readRedisFacts(redis), onWarning);
}
