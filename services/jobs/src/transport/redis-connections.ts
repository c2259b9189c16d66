import { once } from 'node:events';
import { createRedis } from '@taskflow/redis';
import type { RedisClient } from 'redis';
import { z } from 'zod';
import { type BlockingPops, createBlockingPops } from './blocking-pops.ts';
import { connectNodeRedis, type NodeRedisEvents, parseRedisUrl, resolveHost } from './node-redis-client.ts';
import { type RedisFacts, readRedisFacts, UnsuitableRedisError } from './redis-durability.ts';

/** The connections of one {@link BeeQueueLink}: one for commands, which the queues share, and a blocking one for each. */
export interface RedisConnections {
  /** Handed to bee-queue, which duplicates it for blocking pops; the duplicates are members of this as well. */
  readonly commands: RedisClient;
  /** All but {@link RedisConnections.commands}. */
  readonly blocking: readonly RedisClient[];
  /** What goes over {@link RedisConnections.blocking}. */
  readonly pops: BlockingPops;
  /** @throws UnsuitableRedisError when a connection that is ready leads to another server than this one */
  assertLeadTo(server: RedisFacts): void;
  /** Ends all at once; what waits on them fails. */
  end(): void;
}

const serverInfoSchema = z.object({ run_id: z.string() });

/** Opens the connection for commands and provides the others as bee-queue asks for them. */
export async function openRedisConnections(redisUrl: string, events: NodeRedisEvents): Promise<RedisConnections> {
  const settings = await resolveHost(parseRedisUrl(redisUrl));
  const commands = connectNodeRedis(settings, events);
  const blocking: RedisClient[] = [];
  const pops = createBlockingPops();
  commands.duplicate = () => {
    const connection = connectNodeRedis(settings, events);
    pops.watch(connection);
    blocking.push(connection);
    return connection;
  };
  return {
    commands,
    blocking,
    pops,
    assertLeadTo(server) {
      for (const connection of [commands, ...blocking]) {
        if (serverInfoSchema.parse(connection.server_info).run_id !== server.runId) {
          throw new UnsuitableRedisError('the job queues are connected to another Redis than the configured one');
        }
      }
    },
    end() {
      for (const connection of [commands, ...blocking]) {
        connection.end(true);
      }
    },
  };
}

/** What the configured server says about itself, asked through another client than the one under bee-queue. */
export async function askConfiguredServer(redisUrl: string, signal: AbortSignal): Promise<RedisFacts> {
  const redis = createRedis({ url: redisUrl, name: 'taskflow-jobs-check', onError: () => undefined });
  try {
    await once(redis, 'ready', { signal });
    return await readRedisFacts(redis);
  } finally {
    redis.disconnect();
  }
}
