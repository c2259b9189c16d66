import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readOrCreatePassword, readPassword } from '../password-file.ts';
import { startServerProcess } from '../server-process.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';

/** Name of the superuser of every embedded cluster. */
export const ADMIN_USER = 'postgres';

/** A data directory that is ready to be served. */
export interface Cluster {
  /** PostgreSQL's own directory. */
  readonly directory: string;
  readonly adminPassword: string;
}

/** What {@link prepareCluster} needs. */
export interface ClusterOptions {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  /** Environment of initdb. */
  readonly env: Readonly<Record<string, string>>;
  /** `disposable` skips waiting for the disk. */
  readonly durability: 'durable' | 'disposable';
}

const CLUSTER_FOLDER = 'cluster';
const UNFINISHED_PREFIX = 'cluster.new-';
const PASSWORD_FILE = 'admin-password';

/**
 * Makes sure that the data directory holds a cluster of this major version. A cluster appears in one step: when
 * initdb is interrupted at any point, the next start begins again.
 *
 * @throws when the directory belongs to another major version of PostgreSQL
 */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir } = options;
  await mkdir(dataDir, { recursive: true });
  const directory = path.join(dataDir, CLUSTER_FOLDER);
  const version = await clusterVersion(dataDir);
  if (version === undefined) {
    await createCluster(directory, options);
  } else if (version !== options.binaries.majorVersion) {
    throw new Error(
      `${directory} was written by PostgreSQL ${version}, this is PostgreSQL ${options.binaries.majorVersion}. ` +
        'Dump it with the old version and restore it here, or choose another data directory.',
    );
  }
  const adminPassword = await clusterPassword(dataDir);
  return { directory, adminPassword };
}

async function createCluster(directory: string, options: ClusterOptions): Promise<void> {
  const { dataDir, user } = options;
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(UNFINISHED_PREFIX)) {
      await rm(path.join(dataDir, name), { recursive: true, force: true });
    }
  }
  const password = await readOrCreatePassword(path.join(dataDir, PASSWORD_FILE));
  const unfinished = path.join(dataDir, `${UNFINISHED_PREFIX}${process.pid}`);
  await mkdir(unfinished, { mode: 0o700 });
  if (user.owner !== undefined) {
    await chown(unfinished, user.owner.uid, user.owner.gid);
  }
  // initdb reads the password as the server's user, who may not read ours.
  const handedOver = `${unfinished}.password`;
  try {
    await writeFile(handedOver, `${password}\n`, { mode: 0o600 });
    if (user.owner !== undefined) {
      await chown(handedOver, user.owner.uid, user.owner.gid);
    }
    await runInitdb(unfinished, handedOver, options);
  } finally {
    await rm(handedOver, { force: true });
  }
  await rename(unfinished, directory);
}

async function runInitdb(directory: string, passwordFile: string, options: ClusterOptions): Promise<void> {
  const { binaries, user, env } = options;
  const [command = binaries.initdb, ...args] = [
    ...user.prefix,
    binaries.initdb,
    `--pgdata=${directory}`,
    `--username=${ADMIN_USER}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    // The same order and case rules on every operating system.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(options.durability === 'disposable' ? ['--no-sync'] : []),
  ];
  const run = await startServerProcess({
    command,
    args,
    cwd: '/',
    env,
    runAs: user.spawnAs,
    stopSteps: [{ signal: 'SIGTERM', waitMs: 5000 }],
  });
  const exit = await run.exited;
  if (exit.code !== 0) {
    throw new Error(`initdb failed (${exit.code ?? exit.signal}):\n${run.recentOutput()}`);
  }
}

/**
 * The superuser's password of a data directory: the one its cluster has, or, before there is a cluster, the one that
 * it will have.
 *
 * @throws when there is a cluster but no password
 */
export async function clusterPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, PASSWORD_FILE);
  const existing = await readPassword(file);
  if (existing === undefined && (await clusterVersion(dataDir)) !== undefined) {
    throw new Error(`${file} is missing: without it nobody can sign in to the cluster beside it.`);
  }
  return existing ?? readOrCreatePassword(file);
}

async function clusterVersion(dataDir: string): Promise<string | undefined> {
  const version = await readFile(path.join(dataDir, CLUSTER_FOLDER, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return version?.trim();
}
