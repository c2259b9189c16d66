import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createLineSplitter } from './line-splitter.ts';
import type { Program } from './program.ts';
import type { ProcessEvent } from './state.ts';

/** The two outputs of a process, kept apart. */
export type OutputStream = 'stdout' | 'stderr';

/** Where a process's output goes. */
export interface ProcessOutput {
  /** Takes a piece of output as it came; while the promise is pending no more is read. */
  write(stream: OutputStream, chunk: Buffer): Promise<void>;
  /** Takes each whole line. */
  line(stream: OutputStream, line: string): Promise<void>;
}

/** A process of the operating system, leader of a group of its own. */
export interface LaunchedProcess {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Sends a signal to the whole group; does nothing when it is gone. */
  signal(signal: NodeJS.Signals): void;
  /** How it ended, once its last lines have been taken. Nothing of its group is left then. */
  readonly ended: Promise<Extract<ProcessEvent, { readonly type: 'exited' | 'spawnFailed' }>>;
}

/** How long the last output of a process that has ended may take. */
const LAST_OUTPUT_MS = 500;

/**
 * Starts the process of a program with exactly this environment.
 */
export function launchProcess(
  program: Pick<Program, 'command' | 'args'>,
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  output: ProcessOutput,
): LaunchedProcess {
  const startedAtMs = performance.now();
  const child = spawn(program.command, program.args, { ...place, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  const drained = Promise.all([pump('stdout', child.stdout, output), pump('stderr', child.stderr, output)]);
  const signal = (name: NodeJS.Signals): void => {
    if (pid !== undefined) {
      signalGroup(pid, name);
    }
  };
  const failed = new Promise<Error>((resolve) => {
    // An error after the start is a signal that could not be sent: the exit tells what became of the process.
    child.on('error', (error) => pid === undefined && resolve(error));
  });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, name) => resolve({ code, signal: name }));
  });
  const ended = Promise.race([
    failed.then((error) => ({ type: 'spawnFailed' as const, reason: error.message })),
    exited.then(async (exit) => {
      const ranForMs = performance.now() - startedAtMs;
      // What the leader left behind in its group would hold ports, files and the output pipes.
      signal('SIGKILL');
      await Promise.race([drained, delay(LAST_OUTPUT_MS, undefined, { ref: false })]);
      return { type: 'exited' as const, exit, ranForMs };
    }),
  ]);
  return { pid, signal, ended };
}

async function pump(stream: OutputStream, readable: Readable, output: ProcessOutput): Promise<void> {
  const splitter = createLineSplitter();
  const emit = async (lines: readonly string[]): Promise<void> => {
    for (const line of lines) {
      await output.line(stream, line);
    }
  };
  try {
    for await (const chunk of readable) {
      if (Buffer.isBuffer(chunk)) {
        await output.write(stream, chunk);
        await emit(splitter.push(chunk));
      }
    }
  } catch {
    // A pipe that breaks ends like one that closes: the exit of the process tells the rest.
  }
  await emit(splitter.flush());
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended already.
  }
}
