import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataDirectory } from './data-directory.ts';
import { askSupervisor } from './supervisor/control-client.ts';
import { startOf } from './supervisor/process-start.ts';
import type { ProcessStatus } from './supervisor/status.ts';

const START_TIMEOUT_MS = 90_000;
const MAIN = path.join(import.meta.dirname, 'main.ts');

let root: string;
let running: ChildProcess[];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'taskflow-start-'));
  running = [];
  // The web app needs a build, which is not the point here; all else is as a person gets it.
  await writeFile(path.join(root, 'programs.json'), '{"programs": {"web": null, "web-build": null}}');
});

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
  }
  await rm(root, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  output(): string;
}

function start(...args: string[]): Started {
  const { PATH, HOME, TASKFLOW_CACHE_DIR } = process.env;
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--no-demo', ...args], {
    env: { PATH, HOME, TASKFLOW_CACHE_DIR, TASKFLOW_DATA_DIR: root },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output };
}

async function waitFor<Value>(
  what: string,
  find: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`did not happen in time: ${what}`);
    }
    await delay(50);
  }
}

async function startedAndReady(): Promise<Started> {
  const started = start();
  await waitFor(`ready\n${started.output()}`, () => /TaskFlow is ready/.exec(started.output()) ?? undefined);
  return started;
}

async function status(): Promise<ProcessStatus[]> {
  const { socketPath } = dataDirectory({ TASKFLOW_DATA_DIR: root }, root);
  return (await askSupervisor(socketPath, { command: 'status' }, 10_000)).processes;
}

async function isReadyAgain(id: string, formerPid: number | undefined): Promise<number | undefined> {
  const found = (await status()).find((process) => process.id === id);
  return found?.state === 'RUNNING' && found.pid !== formerPid ? found.pid : undefined;
}

/** When each of these processes began: whoever has the number later, or is only waiting to be buried, has another answer. */
async function beginnings(processes: readonly ProcessStatus[]): Promise<ReadonlyMap<number, string | undefined>> {
  const pids = processes.flatMap(({ pid }) => pid ?? []);
  return new Map(await Promise.all(pids.map(async (pid) => [pid, await startOf(pid)] as const)));
}

async function stillThere(begun: ReadonlyMap<number, string | undefined>): Promise<number[]> {
  const now = await Promise.all([...begun.keys()].map(async (pid) => [pid, await startOf(pid)] as const));
  return now.filter(([pid, began]) => began !== undefined && began === begun.get(pid)).map(([pid]) => pid);
}

describe('npm start', { timeout: 4 * START_TIMEOUT_MS }, () => {
  it('heals every program that is killed, refuses a second run and leaves no process behind', async () => {
    const { child } = await startedAndReady();
    const second = start();
    await once(second.child, 'exit');
    expect(second.output()).toContain(`Already running as process ${child.pid} (http://localhost:`);
    for (const { id, pid } of (await status()).filter(({ state }) => state === 'RUNNING')) {
      process.kill(pid ?? 0, 'SIGKILL');
      await waitFor(`${id} is back`, () => isReadyAgain(id, pid));
    }
    const begun = await beginnings(await status());
    child.kill('SIGINT');
    await expect(once(child, 'exit')).resolves.toEqual([0, null]);
    expect(await stillThere(begun)).toEqual([]);
    await expect(readdir(path.join(root, 'run'))).resolves.toEqual([]);
  });

  it('starts again after it was killed itself, on the same data', async () => {
    const first = await startedAndReady();
    const before = await beginnings(await status());
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const again = await startedAndReady();
    expect(again.output()).toContain('The last run was killed');
    expect(again.output()).toContain('the schema was up to date');
    expect(await stillThere(before)).toEqual([]);
  });
});
