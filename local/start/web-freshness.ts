import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const SOURCES = [
  'frontend/src',
  'frontend/public',
  'frontend/index.html',
  'frontend/vite.config.ts',
  'frontend/package.json',
  'services/contract/src',
  'package-lock.json',
];

/**
 * Whether the built web app is missing or older than anything it is built from.
 */
export async function isWebBuildStale(repositoryRoot: string): Promise<boolean> {
  const built = await changedAt(path.join(repositoryRoot, 'frontend', 'dist', 'index.html'));
  const sources = await Promise.all(SOURCES.map((source) => newestIn(path.join(repositoryRoot, source))));
  return built === 0 || Math.max(...sources) > built;
}

async function newestIn(place: string): Promise<number> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => []);
  const times = await Promise.all(
    // Folders count as well: their time tells of files that were removed.
    entries.map((entry) => changedAt(path.join(entry.parentPath, entry.name))),
  );
  return Math.max(await changedAt(place), ...times);
}

async function changedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
}
