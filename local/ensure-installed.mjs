// Runs before `npm start`, `npm test` and `npm run dev`, on whatever Node the machine has, with nothing installed:
// plain JavaScript, built-in modules only.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Time of the last change, 0 where there is no such file. */
function changedAt(file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// npm writes this file at the end of every complete installation.
const installedAt = changedAt('node_modules/.package-lock.json');

if (installedAt < changedAt('package-lock.json')) {
  console.log(installedAt === 0 ? 'Installing dependencies (once) ...' : 'Dependencies have changed, installing ...');
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const run = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) {
    console.error('The installation failed; the lines above say why.');
    process.exit(run.status ?? 1);
  }
}
