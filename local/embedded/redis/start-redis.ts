import { mkdir, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimPort } from '../free-port.ts';
import { readOrCreatePassword } from '../password-file.ts';
import { type ServerExit, type ServerProcess, startServerProcess } from '../server-process.ts';
import { findRedis } from './find-redis.ts';
import type { RedisCommand, RedisPlace } from './redis-command.ts';

/** Settings of {@link startRedis}. */
export interface StartRedisOptions {
  /** Where the data lives; created when missing. */
  readonly dataDir: string;
  /** Loopback port. @default one that is free */
  readonly port?: number | undefined;
  /** Every line the server writes, and which way of running it was chosen. */
  readonly log?: ((line: string) => void) | undefined;
  /** Number of logical databases. @default 16 */
  readonly databases?: number | undefined;
  /** `durable` writes an append-only file, flushed every second; `disposable` keeps nothing. @default 'durable' */
  readonly durability?: 'durable' | 'disposable' | undefined;
  /** Environment to read REDIS_URL, PATH and the cache folder from. @default process.env */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** How long start and loading may take. @default 60000 */
  readonly startTimeoutMs?: number | undefined;
}

/** A Redis to use. */
export interface RunningRedis {
  /** Connection string with the password, without a database number. */
  readonly url: string;
  readonly port: number;
  /** Process id of what was started; undefined for a server of somebody else (REDIS_URL). */
  readonly pid: number | undefined;
  /** Settles when the server has ended; never for a server of somebody else. */
  readonly exited: Promise<ServerExit>;
  /** Ends the server after it has written its data; does nothing to a server of somebody else. */
  stop(): Promise<void>;
}

const PASSWORD_FILE = 'password';
const DATA_FOLDER = 'data';
/** How long a server that was just killed may hold its port. */
const PORT_RELEASE_MS = 5000;

/**
 * Makes a real Redis available and resolves when it answers: the server of REDIS_URL when that is set, else one
 * started on the loopback interface with a password that is made once and kept in the data directory. It never
 * evicts. Files of a version that cannot be read are moved aside, because Redis is never the only copy of anything.
 *
 * @throws when no way to run Redis exists, the port is taken or the server does not come up in time
 */
export async function startRedis(options: StartRedisOptions): Promise<RunningRedis> {
  const env = options.env ?? process.env;
  const log = options.log ?? (() => undefined);
  const external = env['REDIS_URL'];
  if (external !== undefined && external !== '') {
    return useExternal(external);
  }
  const redis = await findRedis(env, log);
  log(`Redis: ${redis.description}`);
  const place: RedisPlace = {
    dataDir: path.join(path.resolve(options.dataDir), DATA_FOLDER),
    port: await claimPort(options.port, PORT_RELEASE_MS),
  };
  await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const password = await readOrCreatePassword(path.join(path.resolve(options.dataDir), PASSWORD_FILE));
  await redis.cleanUp(place);
  try {
    return await launch(redis, place, password, options, log);
  } catch (error) {
    if (
      !(error instanceof Error && /Can't handle RDB format|Bad file format|Unrecoverable error/.test(error.message))
    ) {
      throw error;
    }
    const aside = `${place.dataDir}.unreadable-${Date.now()}`;
    log(`Redis cannot read its files; starting empty and keeping them in ${aside}`);
    await rename(place.dataDir, aside);
    await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
    return launch(redis, place, password, options, log);
  }
}

/**
 * Where the Redis of a data directory will be found once it is served on this port. Its password is settled by this
 * call.
 */
export async function redisUrl(dataDir: string, port: number): Promise<string> {
  return urlOf(await readOrCreatePassword(path.join(path.resolve(dataDir), PASSWORD_FILE)), port);
}

function urlOf(password: string, port: number): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

function useExternal(url: string): RunningRedis {
  const port = Number(new URL(url).port || '6379');
  return { url, port, pid: undefined, exited: new Promise(() => undefined), stop: () => Promise.resolve() };
}

async function launch(
  redis: RedisCommand,
  place: RedisPlace,
  password: string,
  options: StartRedisOptions,
  log: (line: string) => void,
): Promise<RunningRedis> {
  const server = await startServerProcess({
    command: redis.command,
    args: redis.args(place),
    cwd: place.dataDir,
    env: redis.env,
    input: configuration(redis, place, password, options),
    log,
    stopSteps: [{ signal: 'SIGTERM', waitMs: 10_000 }],
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await redis.cleanUp(place);
  };
  try {
    await waitUntilReady(server, place.port, password, options.startTimeoutMs ?? 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: urlOf(password, place.port),
    port: place.port,
    pid: server.pid,
    exited: server.exited,
    stop,
  };
}

function configuration(redis: RedisCommand, place: RedisPlace, password: string, options: StartRedisOptions): string {
  const durable = options.durability !== 'disposable';
  const settings: Record<string, string> = {
    ...redis.settings(place),
    requirepass: password,
    daemonize: 'no',
    databases: String(options.databases ?? 16),
    'maxmemory-policy': 'noeviction',
    appendonly: durable ? 'yes' : 'no',
    appendfsync: 'everysec',
    // The append-only file is the durable copy; a snapshot beside it would only cost forks.
    save: '""',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${name === 'dir' ? JSON.stringify(value) : value}\n`)
    .join('');
}

async function waitUntilReady(server: ServerProcess, port: number, password: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let ended: ServerExit | undefined;
  void server.exited.then((exit) => {
    ended = exit;
  });
  while (Date.now() < deadline) {
    if (ended !== undefined) {
      throw new Error(`Redis ended while starting (${ended.code ?? ended.signal}):\n${server.recentOutput()}`);
    }
    if (await answersPing(port, password)) {
      return;
    }
    await delay(20);
  }
  throw new Error(`Redis did not answer within ${timeoutMs} ms:\n${server.recentOutput()}`);
}

/** A server that still loads its data answers PING with an error, so +PONG means ready. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1000 });
    let received = '';
    const finish = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (received.includes('+PONG\r\n')) {
        finish(true);
      } else if (received.split('\r\n').length > 2) {
        finish(false);
      }
    });
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
