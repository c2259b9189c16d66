import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath } from '../find-on-path.ts';
import { runCommand } from '../run-command.ts';

/** A Redis server unpacked from a distribution's packages. */
export interface UnpackedRedis {
  readonly server: string;
  /** Folders for LD_LIBRARY_PATH. */
  readonly libraryPath: string;
}

/** Settings of {@link unpackDebianRedis}. */
export interface UnpackOptions {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

interface Flavour {
  readonly server: string;
  readonly packages: readonly string[];
}

// The tools package holds the program: the server is the same file under another name.
const FLAVOURS: readonly Flavour[] = [
  { server: 'redis-server', packages: ['redis-server', 'redis-tools'] },
  { server: 'valkey-server', packages: ['valkey-server', 'valkey-tools'] },
];

/** Libraries that every build needs and a plain system lacks. */
const LIBRARY_PACKAGES = ['libjemalloc2', 'liblzf1'];

/** Libraries that only very small systems lack, by the name the loader complains about. */
const PACKAGES_BY_LIBRARY: Readonly<Record<string, readonly string[]>> = {
  'libatomic.so.1': ['libatomic1'],
  'libssl.so.3': ['libssl3t64', 'libssl3'],
  'libcrypto.so.3': ['libssl3t64', 'libssl3'],
  'libsystemd.so.0': ['libsystemd0'],
  'libcap.so.2': ['libcap2'],
  'libgcrypt.so.20': ['libgcrypt20'],
  'libgpg-error.so.0': ['libgpg-error0'],
  'liblz4.so.1': ['liblz4-1'],
  'libzstd.so.1': ['libzstd1'],
  'liblzma.so.5': ['liblzma5'],
  'libstdc++.so.6': ['libstdc++6'],
  'libgcc_s.so.1': ['libgcc-s1'],
};

const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * Fetches the distribution's Redis (else Valkey) with apt and unpacks it into the cache, without installing
 * anything and without root. Later runs find it there. Undefined where apt or dpkg-deb do not exist.
 *
 * @throws when apt exists but the packages cannot be had
 */
export async function unpackDebianRedis(options: UnpackOptions): Promise<UnpackedRedis | undefined> {
  if ((await findOnPath('apt-get')) === undefined || (await findOnPath('dpkg-deb')) === undefined) {
    return undefined;
  }
  const home = path.join(options.cacheDir, 'redis');
  const cached = await findUnpacked(home);
  if (cached !== undefined && (await missingLibrary(cached)) === undefined) {
    return cached;
  }
  await mkdir(options.cacheDir, { recursive: true });
  const work = await mkdtemp(path.join(options.cacheDir, 'redis.new-'));
  try {
    await download(work, options);
    const unpacked = await findUnpacked(work);
    if (unpacked === undefined) {
      throw new Error('the downloaded packages hold no Redis server');
    }
    await completeLibraries(unpacked, work, options);
    await rm(home, { recursive: true, force: true });
    // When two runs fetched it at the same time, one rename wins; both are the same.
    await rename(work, home).catch(() => undefined);
    return await findUnpacked(home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string, options: UnpackOptions): Promise<void> {
  // Where apt drops its privileges for the download it has to be able to write here.
  await chmod(work, 0o755);
  options.log('Fetching Redis from the distribution (about 2 MB, once)');
  const problems: string[] = [];
  for (const apt of [systemLists, privateLists]) {
    const prefix = await apt(options);
    for (const flavour of FLAVOURS) {
      const result = await fetchPackages([...flavour.packages, ...LIBRARY_PACKAGES], prefix, work, options.env);
      if (result === undefined) {
        return;
      }
      problems.push(result);
    }
  }
  throw new Error(`apt-get could not download Redis or Valkey:\n${problems.at(-1) ?? ''}`);
}

function systemLists(): Promise<readonly string[]> {
  return Promise.resolve([]);
}

/** Package lists of our own: for machines whose lists are missing or old, which only root could refresh. */
async function privateLists(options: UnpackOptions): Promise<readonly string[]> {
  const lists = path.join(options.cacheDir, 'apt', 'lists');
  const archives = path.join(options.cacheDir, 'apt', 'cache');
  await mkdir(path.join(lists, 'partial'), { recursive: true });
  await mkdir(path.join(archives, 'archives', 'partial'), { recursive: true });
  const prefix = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${archives}`];
  await runCommand('apt-get', [...prefix, '-q', 'update'], { env: options.env, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  return prefix;
}

/** Downloads and unpacks; answers what went wrong, or nothing. */
async function fetchPackages(
  packages: readonly string[],
  prefix: readonly string[],
  work: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const fetched = await runCommand('apt-get', [...prefix, '-q', 'download', ...packages], {
    cwd: work,
    env,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const archives = (await readdir(work)).filter((name) => name.endsWith('.deb')).map((name) => path.join(work, name));
  try {
    if (!fetched.ok) {
      return fetched.output;
    }
    for (const archive of archives) {
      const unpacked = await runCommand('dpkg-deb', ['-x', archive, work], { timeoutMs: DOWNLOAD_TIMEOUT_MS });
      if (!unpacked.ok) {
        return unpacked.output;
      }
    }
    return undefined;
  } finally {
    await Promise.all(archives.map((archive) => rm(archive, { force: true })));
  }
}

async function completeLibraries(redis: UnpackedRedis, work: string, options: UnpackOptions): Promise<void> {
  for (let round = 0; round < Object.keys(PACKAGES_BY_LIBRARY).length; round += 1) {
    const library = await missingLibrary(redis);
    if (library === undefined) {
      return;
    }
    const candidates = PACKAGES_BY_LIBRARY[library] ?? [];
    let found = false;
    for (const candidate of candidates) {
      found ||= (await fetchPackages([candidate], [], work, options.env)) === undefined;
      found ||= (await fetchPackages([candidate], await privateLists(options), work, options.env)) === undefined;
    }
    if (!found) {
      throw new Error(`the downloaded Redis does not run here: ${library} is missing`);
    }
  }
}

/** The library the loader misses; undefined when the server runs. */
async function missingLibrary(redis: UnpackedRedis): Promise<string | undefined> {
  const run = await runCommand(redis.server, ['--version'], {
    env: { LD_LIBRARY_PATH: redis.libraryPath },
    timeoutMs: 10_000,
  });
  if (run.ok) {
    return undefined;
  }
  return /loading shared libraries: ([^:]+):/.exec(run.output)?.[1] ?? run.output;
}

async function findUnpacked(root: string): Promise<UnpackedRedis | undefined> {
  for (const flavour of FLAVOURS) {
    const server = path.join(root, 'usr', 'bin', flavour.server);
    const present = await access(server).then(
      () => true,
      () => false,
    );
    if (present) {
      return { server, libraryPath: await libraryFolders(root) };
    }
  }
  return undefined;
}

async function libraryFolders(root: string): Promise<string> {
  const folders: string[] = [];
  for (const base of [path.join(root, 'usr', 'lib'), path.join(root, 'lib')]) {
    const triplets = (await readdir(base).catch(() => [])).filter((name) => name.includes('-linux-'));
    folders.push(...triplets.map((triplet) => path.join(base, triplet)), base);
  }
  return folders.join(':');
}
