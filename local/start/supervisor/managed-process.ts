import { EventEmitter } from 'node:events';
import { type LaunchedProcess, launchProcess, type ProcessOutput } from './launch-process.ts';
import type { Program } from './program.ts';
import { waitUntilReady } from './readiness.ts';
import { type Effect, INITIAL_STATE, isAlive, type ProcessEvent, type ProcessState, transition } from './state.ts';

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
  const output: ProcessOutput = {
    write: surroundings.output.write,
    line: (stream, line) => {
      lines.emit('line', line);
      return surroundings.output.line(stream, line);
    },
  };
  let program = initial;
  let state: ProcessState = INITIAL_STATE;
  let since = new Date();
  let starts = 0;
  let launched: LaunchedProcess | undefined;
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
        return launched?.signal(program.stopSignal);
      case 'kill':
        return launched?.signal('SIGKILL');
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

  const start = (): void => {
    starts += 1;
    const env = { ...surroundings.baseEnv, ...program.env, INSTANCE: String(identity.instance) };
    const place = { env, cwd: program.cwd ?? process.cwd() };
    const mine = launchProcess(program, place, output);
    launched = mine;
    if (mine.pid !== undefined) {
      surroundings.groups.watch(mine.pid, program.stopSignal);
    }
    void mine.ended.then((event) => {
      if (mine.pid !== undefined) {
        surroundings.groups.forget(mine.pid);
      }
      launched = undefined;
      dispatch(event);
    });
    probe = new AbortController();
    const onLine = (listener: (line: string) => void, until: AbortSignal): void => {
      lines.on('line', listener);
      until.addEventListener('abort', () => lines.off('line', listener), { once: true });
    };
    void waitUntilReady(program.readiness, { ...place, onLine, signal: probe.signal }).then((ready) => {
      if (ready && launched === mine && mine.pid !== undefined) {
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
      return isAlive(state) ? launched?.pid : undefined;
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
    kill: () => launched?.signal('SIGKILL'),
  };
  return managed;
}
