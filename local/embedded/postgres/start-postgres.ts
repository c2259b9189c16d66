import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { claimPort } from '../free-port.ts';
import { type ServerExit, type ServerProcess, signalProcess, startServerProcess } from '../server-process.ts';
import { findPostgresBinaries } from './binaries.ts';
import { ADMIN_USER, clusterPassword, prepareCluster } from './cluster.ts';
import { chooseServerUser } from './server-user.ts';

/** Settings of {@link startPostgres}. */
export interface StartPostgresOptions {
  /** Where the data lives; created when missing. Nothing else may use this folder. */
  readonly dataDir: string;
  /** Loopback port. @default one that is free */
  readonly port?: number | undefined;
  /** Every line the server writes. */
  readonly log?: ((line: string) => void) | undefined;
  /**
   * `durable` keeps every committed transaction through a power cut; `disposable` is for tests: no fsync, a crash
   * of the machine (not of the server) may lose everything.
   * @default 'durable'
   */
  readonly durability?: 'durable' | 'disposable' | undefined;
  /** Highest number of connections. @default 200 */
  readonly maxConnections?: number | undefined;
  /**
   * Ends a server that still runs on this data directory (left behind by a killed parent) instead of refusing.
   * Only for a caller that holds a lock on the directory.
   * @default false
   */
  readonly takeOver?: boolean | undefined;
  /** Database that has to exist; created when it is missing. */
  readonly database?: string | undefined;
  /** How long start and crash recovery may take. @default 60000 */
  readonly startTimeoutMs?: number | undefined;
}

/** A running PostgreSQL. */
export interface RunningPostgres {
  /** Connects as superuser to the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Settles when the server has ended, whatever ended it. */
  readonly exited: Promise<ServerExit>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Starts a real PostgreSQL on the loopback interface and resolves when it answers queries. The data directory
 * survives restarts, `kill -9` of the server or its parent, and a change of port; the superuser's password is made
 * once and kept inside it, readable by the owner only.
 *
 * @throws when the directory belongs to another major version, is in use, or the server does not come up in time
 */
export async function startPostgres(options: StartPostgresOptions): Promise<RunningPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const binaries = await findPostgresBinaries();
  await mkdir(dataDir, { recursive: true });
  if (process.getuid?.() === 0) {
    // Passable, not listable: the server's user needs to get through to its own folder.
    await chmod(dataDir, 0o711);
  }
  const user = await chooseServerUser([dataDir, binaries.root]);
  const env = serverEnvironment();
  const cluster = await prepareCluster({
    dataDir,
    binaries,
    user,
    env,
    durability: options.durability ?? 'durable',
  });
  await releaseDirectory(cluster.directory, options.takeOver ?? false);
  const port = await claimPort(options.port, options.takeOver === true ? 5000 : 0);
  const [command = binaries.postgres, ...args] = [
    ...user.prefix,
    binaries.postgres,
    '-D',
    cluster.directory,
    ...settingArguments(port, options),
  ];
  const server = await startServerProcess({
    command,
    args,
    cwd: '/',
    env,
    runAs: user.spawnAs,
    log: options.log,
    stopSteps: [
      { signal: 'SIGINT', waitMs: 20_000 },
      { signal: 'SIGQUIT', waitMs: 5000 },
    ],
  });
  const adminUrl = urlOf(cluster.adminPassword, port, 'postgres');
  try {
    await waitUntilReady(server, adminUrl, options.startTimeoutMs ?? 60_000);
    if (options.database !== undefined) {
      await ensureDatabase(adminUrl, options.database);
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { adminUrl, port, pid: server.pid, exited: server.exited, stop: server.stop };
}

function serverEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function settingArguments(port: number, options: StartPostgresOptions): string[] {
  const disposable = options.durability === 'disposable';
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 200),
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    wal_level: 'minimal',
    max_wal_senders: '0',
    // A file-backed map instead of /dev/shm, which containers often limit to 64 MB.
    dynamic_shared_memory_type: 'mmap',
    ...(disposable ? { fsync: 'off', full_page_writes: 'off', autovacuum: 'off', max_wal_size: '4GB' } : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Where the superuser of a data directory will be found once it is served on this port. The cluster need not exist
 * yet: its password is settled by this call.
 */
export async function postgresAdminUrl(dataDir: string, port: number, database: string): Promise<string> {
  return urlOf(await clusterPassword(path.resolve(dataDir)), port, database);
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${ADMIN_USER}:${password}@${LOOPBACK}:${port}/${database}`;
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000, query_timeout: 60_000 });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}

/**
 * Deals with what a killed server left in its directory: a lock file whose process is gone, whose number belongs to
 * another program by now, or a server that still runs because only its parent was killed.
 */
async function releaseDirectory(directory: string, takeOver: boolean): Promise<void> {
  const lockFile = path.join(directory, 'postmaster.pid');
  const pid = Number.parseInt((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10);
  if (!Number.isInteger(pid) || pid <= 1) {
    return;
  }
  if (!(await isPostmasterOf(pid, directory))) {
    await rm(lockFile, { force: true });
    return;
  }
  if (!takeOver) {
    throw new Error(`${directory} is in use by a running PostgreSQL (process ${pid}).`);
  }
  for (const [signal, tries] of [
    ['SIGINT', 100],
    ['SIGQUIT', 50],
    ['SIGKILL', 50],
  ] as const) {
    signalProcess(pid, signal);
    for (let round = 0; round < tries; round += 1) {
      if (!(await isPostmasterOf(pid, directory))) {
        return;
      }
      await delay(100);
    }
  }
  throw new Error(`The PostgreSQL (process ${pid}) left behind on ${directory} does not end.`);
}

async function isPostmasterOf(pid: number, directory: string): Promise<boolean> {
  if (!signalProcess(pid, 0)) {
    return false;
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  // Without /proc there is no cheap way to know better: PostgreSQL's own check decides.
  return commandLine === undefined ? process.platform !== 'linux' : commandLine.includes(directory);
}

async function waitUntilReady(server: ServerProcess, url: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let ended: ServerExit | undefined;
  void server.exited.then((exit) => {
    ended = exit;
  });
  let lastError: unknown;
  while (Date.now() < deadline) {
    if (ended !== undefined) {
      throw new Error(`PostgreSQL ended while starting (${ended.code ?? ended.signal}):\n${server.recentOutput()}`);
    }
    lastError = await ping(url).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (lastError === undefined) {
      return;
    }
    await delay(30);
  }
  throw new Error(`PostgreSQL did not answer within ${timeoutMs} ms:\n${server.recentOutput()}`, { cause: lastError });
}

async function ping(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}
