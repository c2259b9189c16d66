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

/** A real service as a process of its own, which a test may kill and start again. */
export interface ServiceProgram {
  /** Starts it and waits until it is ready. */
  start(): Promise<void>;
  /** Ends it at once, as a crash would (SIGKILL). */
  kill(): Promise<void>;
  /** Ends it cleanly. */
  stop(): Promise<void>;
}

/** The real api. */
export interface ApiProgram extends ServiceProgram {
  readonly port: number;
  /** Origin of the API. */
  readonly url: string;
}

/** What a service runs on. */
export interface ServiceProgramOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Origin that people see. */
  readonly publicUrl: string;
  /** Variables beside the usual ones. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts the api on ports that stay the same over restarts. It cannot outlive the caller.
 *
 * @throws with the end of its log when it is not ready in time
 */
export async function startApiProgram(options: ServiceProgramOptions): Promise<ApiProgram> {
  const port = await findFreePort();
  const env = { PORT: String(port), TRUSTED_PROXY_HOPS: '1', ...options.env };
  const program = await startProgram('api', { ...options, env });
  return { ...program, port, url: `http://127.0.0.1:${port}` };
}

/**
 * Starts a worker. It cannot outlive the caller.
 *
 * @throws with the end of its log when it is not ready in time
 */
export function startWorkerProgram(options: ServiceProgramOptions): Promise<ServiceProgram> {
  return startProgram('worker', options);
}

async function startProgram(service: 'api' | 'worker', options: ServiceProgramOptions): Promise<ServiceProgram> {
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

  const program: ServiceProgram = {
    async start() {
      log = [];
      child = spawn(process.execPath, [path.join(repositoryRoot, 'services', service, 'src', 'main.ts')], {
        cwd: repositoryRoot,
        env: environment(options, managementPort),
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
        throw new Error(`The ${service} did not become ready.\n${log.join('')}`);
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
  await program.start();
  return program;
}

function environment(options: ServiceProgramOptions, managementPort: number): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    PUBLIC_URL: options.publicUrl,
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    HOST: '127.0.0.1',
    MANAGEMENT_PORT: String(managementPort),
    DRAIN_DELAY_MS: '0',
    GRACE_PERIOD_MS: '2000',
    ...options.env,
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
