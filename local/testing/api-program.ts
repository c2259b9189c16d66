import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { probePaths } from '@taskflow/contract/platform';
import { findFreePort, startGuardian } from '../embedded/index.ts';

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The real api as a process of its own, which a test may kill and start again. */
export interface ApiProgram {
  readonly port: number;
  /** Origin of the API. */
  readonly url: string;
  /** Starts it and waits until it is ready. */
  start(): Promise<void>;
  /** Ends it at once, as a crash would (SIGKILL). */
  kill(): Promise<void>;
  /** Ends it cleanly. */
  stop(): Promise<void>;
}

/** What the api runs on. */
export interface ApiProgramOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Origin that people see. */
  readonly publicUrl: string;
}

/**
 * Starts the api on ports that stay the same over restarts. It cannot outlive the caller.
 *
 * @throws with the end of its log when it is not ready in time
 */
export async function startApiProgram(options: ApiProgramOptions): Promise<ApiProgram> {
  const port = await findFreePort();
  const managementPort = await findFreePort();
  const guardian = startGuardian();
  let child: ChildProcess | undefined;
  let log: string[] = [];

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) {
      return;
    }
    const exited = once(ending, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    ending.kill(signal);
    await exited.catch(() => ending.kill('SIGKILL'));
    guardian.forget(ending.pid);
  };

  const program: ApiProgram = {
    port,
    url: `http://127.0.0.1:${port}`,
    async start() {
      log = [];
      child = spawn(process.execPath, [path.join(repositoryRoot, 'services', 'api', 'src', 'main.ts')], {
        cwd: repositoryRoot,
        env: apiEnvironment(options, port, managementPort),
        stdio: ['ignore', 'pipe', 'pipe'],
        // A process group of its own, for the guardian.
        detached: true,
      });
      if (child.pid !== undefined) {
        guardian.watch(child.pid, 'SIGTERM');
      }
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => (log = [...log.slice(-50), text]));
      }
      const started = child;
      const isUp = await becomesReady(`http://127.0.0.1:${managementPort}${probePaths.ready}`, () => started.exitCode);
      if (!isUp) {
        await end('SIGKILL');
        throw new Error(`The api did not become ready.\n${log.join('')}`);
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
  await program.start();
  return program;
}

function apiEnvironment(options: ApiProgramOptions, port: number, managementPort: number): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    PUBLIC_URL: options.publicUrl,
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    TRUSTED_PROXY_HOPS: '1',
    DRAIN_DELAY_MS: '0',
    GRACE_PERIOD_MS: '2000',
  };
}

async function becomesReady(url: string, exitCode: () => number | null): Promise<boolean> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline && exitCode() === null) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) {
      return true;
    }
    await delay(25);
  }
  return false;
}
