import { createFleet, type Fleet, type FleetOptions, isAtRest } from './fleet.ts';
import { type Programs, startOrder } from './program.ts';
import { type ReloadReport, reloadFleet } from './reload.ts';
import { describeFleet, type ProcessStatus } from './status.ts';

/** Settings of {@link createSupervisor}. */
export interface SupervisorOptions extends FleetOptions {
  readonly programs: Programs;
}

/** Runs programs and keeps them running. Reloads and restarts of everything wait for each other. */
export interface Supervisor {
  status(): ProcessStatus[];
  hasProgram(name: string): boolean;
  /** Starts every program with autostart, each when those it depends on are ready; resolves when all have settled. */
  start(): Promise<void>;
  /** Starts a program and what it depends on; resolves when its processes have settled. */
  startProgram(name: string): Promise<void>;
  /** Stops a program; resolves when its processes are gone. */
  stopProgram(name: string): Promise<void>;
  /** Restarts a program, one instance after the other; resolves when they have settled. */
  restartProgram(name: string): Promise<void>;
  /** Stops everything in reverse order and starts it again, also what had failed; not what has done its work. */
  restartAll(): Promise<void>;
  /** Applies other programs by touching only what changed; unchanged programs keep their processes. */
  reload(programs: Programs): Promise<ReloadReport>;
  /** Stops everything, dependents first, without waiting for a running operation; nothing starts afterwards. */
  shutdown(): Promise<void>;
  /** SIGKILL for everything, at once. */
  killAll(): void;
}

/**
 * Creates a supervisor; nothing runs yet.
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const fleet = createFleet(options);
  for (const name of startOrder(options.programs)) {
    const program = options.programs[name];
    if (program !== undefined) {
      fleet.install(name, program);
    }
  }
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    status: () => describeFleet(fleet),
    hasProgram: (name) => fleet.names().includes(name),
    start: () => startAll(fleet),
    startProgram: (name) => startWithDependencies(fleet, name),
    stopProgram: (name) => fleet.stop([name]),
    restartProgram: (name) => restartOneByOne(fleet, name),
    restartAll: () => inTurn(() => restartEverything(fleet)),
    reload: (programs) => inTurn(() => reloadFleet(fleet, programs)),
    shutdown: async () => {
      fleet.close();
      await fleet.stop(fleet.names());
    },
    killAll: () => {
      fleet.close();
      for (const name of fleet.names()) {
        fleet.dispatch(name, { type: 'stop' });
        fleet.processesOf(name).forEach((managed) => managed.kill());
      }
    },
  };
}

async function startAll(fleet: Fleet): Promise<void> {
  const wanted = fleet.names().filter((name) => fleet.programs()[name]?.autostart === true);
  wanted.forEach((name) => fleet.want(name));
  await fleet.settled(wanted);
}

async function startWithDependencies(fleet: Fleet, name: string): Promise<void> {
  const want = (wanted: string): void => {
    for (const dependency of fleet.programs()[wanted]?.dependsOn ?? []) {
      if (!fleet.isReady(dependency)) {
        want(dependency);
      }
    }
    fleet.want(wanted);
  };
  want(name);
  await fleet.settled([name]);
}

async function restartOneByOne(fleet: Fleet, name: string): Promise<void> {
  for (const managed of fleet.processesOf(name)) {
    managed.dispatch({ type: 'restart' });
    await fleet.until(() => managed.state.name === 'RUNNING' || isAtRest(managed.state));
  }
}

async function restartEverything(fleet: Fleet): Promise<void> {
  // What has done its work once, such as a migration, is not done again.
  const chosen = fleet.names().filter((name) => {
    const isDone = fleet.isGone(name) && fleet.isReady(name);
    return !isDone && (!fleet.isGone(name) || fleet.isWaiting(name) || fleet.programs()[name]?.autostart === true);
  });
  await fleet.stop(chosen);
  chosen.forEach((name) => fleet.want(name));
  await fleet.settled(chosen);
}
