import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../../embedded/index.ts';

const compileCache = path.join(tmpdir(), 'taskflow-bench-compiled');

const root = path.resolve(import.meta.dirname, '../../..');

/** What a process has used since it started. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** A server under test, in a process of its own. */
export interface Program {
  readonly port: number;
  readonly url: string;
  /** From starting the process until it was ready. */
  readonly readyAfterMs: number;
  usage(): Promise<Usage>;
  /** Sends a message to the program. */
  send(message: object): void;
  /** The next message that the program sends. */
  next(): Promise<unknown>;
  /** Sends a message and resolves with the answer. */
  ask(message: object): Promise<unknown>;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;

async function messageOf(child: ChildProcess, signal: AbortSignal): Promise<unknown> {
  const messages: unknown[] = await once(child, 'message', { signal });
  return messages[0];
}

async function launch(
  file: string,
  env: Readonly<Record<string, string>>,
  ready: (child: ChildProcess) => Promise<number>,
): Promise<Program> {
  const startedAtMs = performance.now();
  const child = fork(path.resolve(root, file), {
    cwd: root,
    // compiled code is kept between starts, as npm start does it
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', NODE_COMPILE_CACHE: compileCache, ...env },
    execArgv: ['--import', path.resolve(root, 'local/bench/harness/report-usage.ts')],
    // log lines are written, as in production, but nobody reads them
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.setMaxListeners(100);
  const ended = once(child, 'exit').then((): never => {
    throw new Error(`${file} ended while starting`);
  });
  const late = delay(startTimeoutMs, undefined, { ref: false }).then((): never => {
    throw new Error(`${file} was not ready within ${startTimeoutMs} ms`);
  });
  const port = await Promise.race([ready(child), ended, late]);
  ended.catch(() => undefined);
  const readyAfterMs = performance.now() - startedAtMs;

  async function next(): Promise<unknown> {
    const answered = new AbortController();
    const gone = once(child, 'exit', { signal: answered.signal }).then((): never => {
      throw new Error(`${file} ended instead of answering`);
    });
    gone.catch(() => undefined);
    try {
      return await Promise.race([messageOf(child, AbortSignal.timeout(60_000)), gone]);
    } finally {
      answered.abort();
    }
  }

  async function ask(message: object): Promise<unknown> {
    const answered = next();
    child.send(message);
    return answered;
  }

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    readyAfterMs,
    send: (message) => void child.send(message),
    next,
    ask,
    async usage() {
      const answer = await ask({ ask: 'usage' });
      if (typeof answer !== 'object' || answer === null || !('cpuMs' in answer) || !('rssBytes' in answer)) {
        throw new Error(`${file} did not report its usage`);
      }
      return { cpuMs: Number(answer.cpuMs), rssBytes: Number(answer.rssBytes) };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) {
        return;
      }
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Starts a program of `local/bench/programs`, which sends its port when it listens. */
export function startBaseline(name: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  return launch(`local/bench/programs/${name}.ts`, env, async (child) => {
    const message = await messageOf(child, AbortSignal.timeout(startTimeoutMs));
    return typeof message === 'object' && message !== null && 'port' in message ? Number(message.port) : 0;
  });
}

/** Starts the API as production does, and waits until it is ready. */
export async function startApi(env: Readonly<Record<string, string>>): Promise<Program> {
  const [port, managementPort] = [await findFreePort(), await findFreePort()];
  const settings = {
    PUBLIC_URL: 'http://taskflow.localhost',
    HOST: '127.0.0.1',
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    TRUSTED_PROXY_HOPS: '1',
    RATE_LIMIT_READS: '1000000',
    RATE_LIMIT_WRITES: '1000000',
    DRAIN_DELAY_MS: '0',
    ...env,
  };
  return launch('services/api/src/main.ts', settings, async () => {
    while (!(await answers(`http://127.0.0.1:${managementPort}/readyz`))) {
      await delay(5);
    }
    return port;
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
