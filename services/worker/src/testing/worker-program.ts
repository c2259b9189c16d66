import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { probePaths } from '@taskflow/contract/platform';
import { findFreePort, startGuardian } from '@taskflow/local/embedded';

const readyTimeoutMs = 30_000;

/** The real worker as a process of its own. */
export interface WorkerProgram {
  readonly pid: number;
  readonly managementUrl: string;
  /** Its lines so far. */
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  /** Everything that it wrote to standard error. */
  readonly problems: () => string;
  /** Resolves when it is ready. @throws with its log when it ends first or takes too long */
  ready(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** How it ended, once it has. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Kills it if it still runs. */
  end(): Promise<void>;
}

const productMain = path.join(import.meta.dirname, '..', 'main.ts');

/**
 * Starts a worker that cannot outlive the caller.
 *
 * @param env beside the port, all that it knows
 * @param main what to run @default the product
 */
export async function startWorkerProgram(
  env: Readonly<Record<string, string>>,
  main: string = productMain,
): Promise<WorkerProgram> {
  const managementPort = await findFreePort();
  const guardian = startGuardian();
  const child = spawn(process.execPath, [main], {
    env: { HOST: '127.0.0.1', MANAGEMENT_PORT: String(managementPort), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // a process group of its own, for the guardian
    detached: true,
  });
  if (child.pid !== undefined) {
    guardian.watch(child.pid, 'SIGKILL');
  }
  const logLines: Record<string, unknown>[] = [];
  let problems = '';
  collectLines(child, logLines);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (problems += text));
  const exited = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  void exited.then(() => child.pid !== undefined && guardian.forget(child.pid));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  return {
    pid: child.pid ?? Number.NaN,
    managementUrl,
    logLines,
    problems: () => problems,
    async ready() {
      const deadline = performance.now() + readyTimeoutMs;
      while (!(await answersOk(`${managementUrl}${probePaths.ready}`))) {
        if (hasEnded() || performance.now() > deadline) {
          throw new Error(`the worker is not ready\n${problems}\n${JSON.stringify(logLines.slice(-20))}`);
        }
        await delay(25);
      }
    },
    signal: (signal) => void child.kill(signal),
    exited,
    async end() {
      if (!hasEnded()) {
        child.kill('SIGKILL');
      }
      await exited;
    },
  };
}

function collectLines(child: ChildProcess, into: Record<string, unknown>[]): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed === 'object' && parsed !== null) {
        into.push({ ...parsed });
      }
    }
  });
}

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}
