import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { createLineSplitter } from './line-splitter.ts';
import type { Program } from './program.ts';
import { waitUntilReady } from './readiness.ts';
import { type Effect, INITIAL_STATE, isAlive, type ProcessEvent, type ProcessState, transition } from './state.ts';

/** Where a process's output goes. */
export interface ProcessOutput {
  /** Takes a piece of output as it came; while the promise is pending no more is read. */
  write(stream: OutputStream, chunk: Buffer): Promise<void>;
  /** Takes each whole line. */
  line(stream: OutputStream, line: string): Promise<void>;
}

/** The two outputs of a process, kept apart. */
export type OutputStream = 'stdout' | 'stderr';

/** What a managed process needs from its surroundings. */
export interface ProcessSurroundings {
  readonly output: ProcessOutput;
  /** Environment that every program gets. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Told of each process group as it appears and when it is gone. */
  readonly groups: {
    watch(processGroupId: number, stopSignal: NodeJS.Signals): void;
    forget(processGroupId: number): void;
  };
  /** Told of every transition. */
  changed(process: ManagedProcess, from: ProcessState): void;
}

/** Which process of which program. */
export interface ProcessIdentity {
  /** `api`, and `api:1` for its second instance. */
  readonly id: string;
  readonly programName: string;
  /** From 0. */
  readonly instance: number;
}

/** One process of a program: its state, and the process of the operating system behind it. */
export interface ManagedProcess extends ProcessIdentity {
  readonly state: ProcessState;
  /** Present while the process is alive. */
  readonly pid: number | undefined;
  /** When the present state began. */
  readonly since: Date;
  /** How often it was started since the supervisor knows it. */
  readonly starts: number;
  dispatch(event: ProcessEvent): void;
  /** Uses other settings from the next start, timer or exit on. */
  update(program: Program): void;
  /** SIGKILL for the whole process group, at once. */
  kill(): void;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Creates the process of one instance of a program, STOPPED. It turns the effects of the transition function into
 * spawns, signals and timers, and what happens back into events.
 */
export function createManagedProcess(
  identity: ProcessIdentity,
  initial: Program,
  surroundings: ProcessSurroundings,
): ManagedProcess {
  const lines = new EventEmitter().setMaxListeners(0);
  let program = initial;
  let state: ProcessState = INITIAL_STATE;
  let since = new Date();
  let starts = 0;
  let child: Child | undefined;
  let timer: NodeJS.Timeout | undefined;
  let probe = new AbortController();

  const dispatch = (event: ProcessEvent): void => {
    const from = state;
    const result = transition(state, event, program);
    if (result.state === from && result.effects.length === 0) {
      return;
    }
    state = result.state;
    if (from.name !== state.name || result.effects.some((effect) => effect.type === 'spawn')) {
      clearTimeout(timer);
      probe.abort();
      since = new Date();
    }
    result.effects.forEach(perform);
    surroundings.changed(managed, from);
  };

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'spawn':
        return start();
      case 'signal':
        return signalGroup(program.stopSignal);
      case 'kill':
        return signalGroup('SIGKILL');
      case 'armStartTimer':
        return arm(program.startTimeoutMs, { type: 'startTimedOut' });
      case 'armStopTimer':
        return arm(program.stopTimeoutMs, { type: 'stopTimedOut' });
      case 'armBackoffTimer':
        return arm(effect.delayMs, { type: 'backoffElapsed' });
    }
  };

  const arm = (afterMs: number, event: ProcessEvent): void => {
    timer = setTimeout(() => dispatch(event), afterMs);
  };

  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child?.pid !== undefined) {
      signalProcessGroup(child.pid, signal);
    }
  };

  const start = (): void => {
    starts += 1;
    const env = { ...surroundings.baseEnv, ...program.env, INSTANCE: String(identity.instance) };
    const cwd = program.cwd ?? process.cwd();
    const begun = performance.now();
    const spawned = spawn(program.command, program.args, {
      env,
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = spawned;
    const group = spawned.pid;
    if (group !== undefined) {
      surroundings.groups.watch(group, program.stopSignal);
    }
    const drained = Promise.all([
      pump('stdout', spawned.stdout, surroundings.output, lines),
      pump('stderr', spawned.stderr, surroundings.output, lines),
    ]);
    const finish = (event: ProcessEvent): void => {
      if (group !== undefined) {
        // What the leader left behind in its group would hold ports, files and the output pipes.
        signalProcessGroup(group, 'SIGKILL');
        surroundings.groups.forget(group);
      }
      child = undefined;
      // The last lines of a process belong before the news of its end.
      void Promise.race([drained, waitMs(500)]).then(() => dispatch(event));
    };
    spawned.once('error', (error) => {
      if (spawned.pid === undefined) {
        finish({ type: 'spawnFailed', reason: error.message });
      }
    });
    spawned.once('exit', (code, signal) => {
      finish({ type: 'exited', exit: { code, signal }, ranForMs: performance.now() - begun });
    });
    probe = new AbortController();
    const signal = probe.signal;
    const onLine = (listener: (line: string) => void, until: AbortSignal): void => {
      lines.on('line', listener);
      until.addEventListener('abort', () => lines.off('line', listener), { once: true });
    };
    void waitUntilReady(program.readiness, { env, cwd, onLine, signal }).then((ready) => {
      if (ready && child === spawned && group !== undefined) {
        dispatch({ type: 'ready' });
      }
    });
  };

  const managed: ManagedProcess = {
    ...identity,
    get state() {
      return state;
    },
    get pid() {
      return isAlive(state) ? child?.pid : undefined;
    },
    get since() {
      return since;
    },
    get starts() {
      return starts;
    },
    dispatch,
    update: (next) => {
      program = next;
    },
    kill: () => signalGroup('SIGKILL'),
  };
  return managed;
}

async function pump(
  stream: OutputStream,
  readable: Readable,
  output: ProcessOutput,
  lines: EventEmitter,
): Promise<void> {
  const splitter = createLineSplitter();
  const emit = async (complete: readonly string[]): Promise<void> => {
    for (const line of complete) {
      lines.emit('line', line);
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

function signalProcessGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended already.
  }
}

function waitMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}
