import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ClientOpts, RedisClient } from 'redis';

type WriteCallback = (error: Error | null | undefined) => void;

/** Settings of a node_redis 3 client, the one that bee-queue is built on. */
export interface NodeRedisSettings extends ClientOpts {
  readonly host: string;
  readonly port: number;
  /** ACL user; missing from the client's own types. */
  readonly user?: string;
}

/** Told what happens to a client of {@link connectNodeRedis}. */
export interface NodeRedisEvents {
  /** The connection ended without having been asked to. It does not come back. */
  readonly onGone: () => void;
  readonly onError: (error: Error) => void;
  readonly onWarning: (message: string) => void;
}

/** The longest that opening a connection may take. */
const CONNECT_TIMEOUT_MS = 2_000;
/** A network that swallows packets is noticed within about 20 s, blocking pops have no deadline of their own. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Reads `redis://` and `rediss://` connection strings: user, password, host, port and `/database`, each optional but
 * the host.
 *
 * @throws TypeError when it is something else
 */
export function parseRedisUrl(url: string): NodeRedisSettings {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const database = /^\/?(\d*)$/.exec(pathname)?.[1];
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || hostname === '' || database === undefined) {
    throw new TypeError('a Redis connection string has the form redis[s]://[user:password@]host[:port][/database]');
  }
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: Number(port || '6379'),
    ...(username !== '' && { user: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(database !== '' && { db: Number(database) }),
    ...(protocol === 'rediss:' && { tls: isIP(host) === 0 ? { servername: host } : {} }),
  };
}

/** The same settings with the host's address: node_redis 3 looks names up for IPv4 alone. */
export async function resolveHost(settings: NodeRedisSettings): Promise<NodeRedisSettings> {
  const { address } = await lookup(settings.host);
  return { ...settings, host: address };
}

/**
 * Opens a connection that is used until it ends and never again: no reconnecting and no queue of commands for later,
 * because node_redis 3 gives reconnecting up for good after its `connect_timeout` and keeps commands waiting meanwhile.
 */
export function connectNodeRedis(settings: NodeRedisSettings, events: NodeRedisEvents): RedisClient {
  const client = new RedisClient({
    ...settings,
    connect_timeout: CONNECT_TIMEOUT_MS,
    socket_initial_delay: KEEP_ALIVE_MS,
    enable_offline_queue: false,
    retry_strategy: ({ error }) => error ?? new Error('the connection was closed'),
  });
  writeOncePerTurn(client.stream);
  client.on('end', events.onGone);
  client.on('error', events.onError);
  // without a listener the client prints its warnings
  client.on('warning', events.onWarning);
  return client;
}

/**
 * Lets everything that is written in one turn of the event loop leave together. node_redis makes a system call of each
 * command, which is more than half of what a delivery costs.
 */
function writeOncePerTurn(stream: Duplex): void {
  const write = stream.write.bind(stream);
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };
  stream.write = (chunk: unknown, second?: BufferEncoding | WriteCallback, third?: WriteCallback): boolean => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      setImmediate(uncork);
    }
    return typeof second === 'string' ? write(chunk, second, third) : write(chunk, second);
  };
}
