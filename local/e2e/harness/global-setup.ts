import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isWebBuildStale } from '../../start/web-freshness.ts';

const BUILD_TIMEOUT_MS = 150_000;
const run = promisify(execFile);
const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * Global setup of the end-to-end tests: builds the web app unless the built one is up to date.
 *
 * @throws with the end of what Vite said when it cannot be built
 */
export async function setup(): Promise<void> {
  if (!(await isWebBuildStale(repositoryRoot))) {
    return;
  }
  const frontend = path.join(repositoryRoot, 'frontend');
  const manifest = createRequire(path.join(frontend, 'package.json')).resolve('vite/package.json');
  const vite = path.join(path.dirname(manifest), 'bin', 'vite.js');
  // Vitest sets NODE_ENV to "test", and React would be built with its development checks.
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build'], { cwd: frontend, env, timeout: BUILD_TIMEOUT_MS });
}
