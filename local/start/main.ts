import { openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HELP, parseStartOptions, UsageError } from './command-line.ts';
import { dataDirectory } from './data-directory.ts';
import { runLocal } from './run-local.ts';

const PARENT_CHECK_INTERVAL_MS = 500;
const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A terminal that was closed sends SIGHUP as well, but then it is not there any more. */
function hasLostTerminal(): boolean {
  if (!process.stdin.isTTY) {
    return false;
  }
  try {
    openSync('/dev/tty', 'r');
    return false;
  } catch {
    return true;
  }
}

/**
 * Calls back when the npm that started this is gone. npm starts scripts through a shell, and a shell that is told to
 * end does not tell its child.
 */
function onParentLost(callback: () => void): void {
  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const timer = setInterval(() => {
      if (process.ppid !== parent) {
        clearInterval(timer);
        callback();
      }
    }, PARENT_CHECK_INTERVAL_MS);
    timer.unref();
  }
}

async function main(): Promise<number> {
  const start = parseStartOptions(process.argv.slice(2));
  if (start.help) {
    process.stdout.write(HELP);
    return 0;
  }
  let stopEarly = (): void => process.exit(130);
  const stop = (): void => stopEarly();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  onParentLost(stop);
  const running = await runLocal({
    start,
    data: dataDirectory(process.env, repositoryRoot),
    repositoryRoot,
    env: process.env,
    screen: process.stdout,
    startedAtMs: 0,
  });
  stopEarly = running.stop;
  process.on('SIGHUP', () => {
    if (hasLostTerminal()) {
      running.stop();
    } else {
      void running.reload();
    }
  });
  return running.finished;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) {
    process.stderr.write('"npm start -- --help" lists what is understood.\n');
  }
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
