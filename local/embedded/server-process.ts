import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type Guardian, startGuardian } from './guardian.ts';

/** How a server process ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One step of a stop: a signal, and how long to wait for its effect. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** What {@link startServerProcess} runs. */
export interface ServerProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** User and group to run as, for callers that are root. @default the caller's own */
  readonly runAs?: { readonly uid: number; readonly gid: number } | undefined;
  /** Written to standard input, which is then closed. */
  readonly input?: string | undefined;
  /** Every line of both outputs. */
  readonly log?: ((line: string) => void) | undefined;
  /** Signals in order; after the last one comes SIGKILL. */
  readonly stopSteps: readonly [StopStep, ...StopStep[]];
}

/** A running server process that cannot outlive the program that started it. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, whatever ended it. */
  readonly exited: Promise<ServerExit>;
  /** The last lines it wrote, for error messages. */
  recentOutput(): string;
  /** Ends it by the stop steps; resolves when it is gone. Safe to call again. */
  stop(): Promise<void>;
}

const RECENT_LINES = 20;

/**
 * Starts a server in a process group of its own, watched by a guardian.
 *
 * @throws when the command cannot be started
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...options.runAs,
  });
  const exited = exitOf(child);
  const pid = await pidOf(child);
  const guardian = startGuardian();
  guardian.watch(pid, options.stopSteps[0].signal);
  const recent: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      recent.push(line);
      recent.splice(0, Math.max(0, recent.length - RECENT_LINES));
      options.log?.(line);
    });
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  let stopping: Promise<void> | undefined;
  void exited.then(() => guardian.forget(pid));
  return {
    pid,
    exited,
    recentOutput: () => recent.join('\n'),
    stop: () => {
      stopping ??= stopBySteps(pid, exited, options.stopSteps, guardian);
      return stopping;
    },
  };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function pidOf(child: Child): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      if (child.pid === undefined) {
        reject(new Error('the process has no id'));
      } else {
        resolve(child.pid);
      }
    });
  });
}

function exitOf(child: Child): Promise<ServerExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    // A command that never started has no exit of its own.
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

async function stopBySteps(
  pid: number,
  exited: Promise<ServerExit>,
  steps: readonly StopStep[],
  guardian: Guardian,
): Promise<void> {
  for (const step of [...steps, { signal: 'SIGKILL', waitMs: 5000 } as const]) {
    signalProcess(pid, step.signal);
    if (await endsWithin(exited, step.waitMs)) {
      break;
    }
  }
  guardian.forget(pid);
}

async function endsWithin(exited: Promise<ServerExit>, waitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const ended = await Promise.race([
    exited.then(() => true),
    delay(waitMs, false, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  return ended;
}

/**
 * Sends a signal to a process; false when there is no such process.
 */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
