import { createManagedProcess, type ManagedProcess, type ProcessSurroundings } from './managed-process.ts';
import type { Program, Programs } from './program.ts';
import { isAlive, type ProcessEvent, type ProcessState, satisfiesDependents } from './state.ts';

/** Settings of {@link createFleet}. */
export interface FleetOptions {
  readonly surroundings: Omit<ProcessSurroundings, 'changed' | 'output'>;
  /** Where the output of each process goes. */
  readonly outputFor: (id: string, programName: string) => ProcessSurroundings['output'];
  /** Told of every transition. */
  readonly changed: (process: ManagedProcess, from: ProcessState) => void;
}

/** All processes of all programs, and what is true of them together. */
export interface Fleet {
  programs(): Programs;
  names(): string[];
  processesOf(name: string): readonly ManagedProcess[];
  /** Makes the program's processes what the definition says: missing ones appear, STOPPED; others follow its rules. */
  install(name: string, program: Program): void;
  /** Drops a program whose processes are gone. */
  remove(name: string): void;
  /** Starts the program as soon as all it depends on is ready. */
  want(name: string): void;
  /** Programs that are wanted but not started yet. */
  isWaiting(name: string): boolean;
  dispatch(name: string, event: ProcessEvent): void;
  /** Every process runs, or has ended as expected. */
  isReady(name: string): boolean;
  /** No process is alive or about to be. */
  isGone(name: string): boolean;
  /** Resolves when the condition holds; it is asked after every transition. */
  until(condition: () => boolean): Promise<void>;
  /** Resolves when none of these programs is still on its way up or down. */
  settled(names: readonly string[]): Promise<void>;
  /** Stops programs, dependents before what they depend on; resolves when they are gone. */
  stop(names: readonly string[]): Promise<void>;
  /** From here on nothing starts any more. */
  close(): void;
}

/** Whether nothing will happen to this process by itself. */
export function isAtRest(state: ProcessState): boolean {
  return !isAlive(state) && state.name !== 'BACKOFF';
}

/** Creates an empty fleet. */
export function createFleet(options: FleetOptions): Fleet {
  const programs: Record<string, Program> = {};
  const processes = new Map<string, ManagedProcess[]>();
  const waiting = new Set<string>();
  const watchers = new Set<() => void>();
  let closed = false;

  const dependenciesOf = (name: string): readonly string[] => programs[name]?.dependsOn ?? [];
  const processesOf = (name: string): readonly ManagedProcess[] => processes.get(name) ?? [];
  const isReady = (name: string): boolean =>
    processes.has(name) && processesOf(name).every(({ state }) => satisfiesDependents(state));
  const isGone = (name: string): boolean => processesOf(name).every(({ state }) => isAtRest(state));
  const isSettled = (name: string): boolean =>
    !waiting.has(name) && processesOf(name).every(({ state }) => isAtRest(state) || state.name === 'RUNNING');
  /** A program that waits for one that will not come is as settled as it gets. */
  const isStuck = (name: string): boolean =>
    waiting.has(name) &&
    dependenciesOf(name).some((on) => isStuck(on) || (!waiting.has(on) && isGone(on) && !isReady(on)));

  const dispatch = (name: string, event: ProcessEvent): void => {
    for (const managed of processesOf(name)) {
      managed.dispatch(event);
    }
  };
  const launchWaiting = (): void => {
    for (const name of waiting) {
      if (!closed && dependenciesOf(name).every(isReady)) {
        waiting.delete(name);
        dispatch(name, { type: 'start' });
      }
    }
  };
  const changed = (managed: ManagedProcess, from: ProcessState): void => {
    options.changed(managed, from);
    launchWaiting();
    for (const watcher of watchers) {
      watcher();
    }
  };
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (condition()) {
          watchers.delete(check);
          resolve();
        }
      };
      watchers.add(check);
      check();
    });
  const create = (name: string, instance: number, program: Program): ManagedProcess => {
    const id = instance === 0 ? name : `${name}:${instance}`;
    const output = options.outputFor(id, name);
    return createManagedProcess({ id, programName: name, instance }, program, {
      ...options.surroundings,
      output,
      changed,
    });
  };

  return {
    programs: () => programs,
    names: () => [...processes.keys()],
    processesOf,
    install: (name, program) => {
      programs[name] = program;
      const kept = processesOf(name).slice(0, program.instances);
      kept.forEach((managed) => managed.update(program));
      const missing = Array.from({ length: program.instances - kept.length }, (_, index) => kept.length + index);
      processes.set(name, [...kept, ...missing.map((instance) => create(name, instance, program))]);
    },
    remove: (name) => {
      waiting.delete(name);
      processes.delete(name);
      delete programs[name];
    },
    want: (name) => {
      waiting.add(name);
      launchWaiting();
    },
    isWaiting: (name) => waiting.has(name),
    dispatch,
    isReady,
    isGone,
    until,
    settled: (names) => until(() => names.every((name) => isSettled(name) || isStuck(name))),
    stop: async (names) => {
      names.forEach((name) => waiting.delete(name));
      await Promise.all(
        names.map(async (name) => {
          const dependents = names.filter((other) => dependenciesOf(other).includes(name));
          await until(() => dependents.every(isGone));
          dispatch(name, { type: 'stop' });
          await until(() => isGone(name));
        }),
      );
    },
    close: () => {
      closed = true;
      waiting.clear();
    },
  };
}
