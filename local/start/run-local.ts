import { mkdir, rm } from 'node:fs/promises';
import { findRedis, startGuardian } from '../embedded/index.ts';
import { drawBox, seconds } from './announce.ts';
import { baseEnvironment } from './base-environment.ts';
import type { StartOptions } from './command-line.ts';
import type { DataDirectory } from './data-directory.ts';
import { isDemoSettled, lastErrors, makeDemo, settleDemo } from './demo.ts';
import { formatLogLine } from './line-format.ts';
import { loadPrograms } from './program-file.ts';
import { definePrograms } from './programs.ts';
import { type LocalSettings, settle } from './settings.ts';
import { startControlServer } from './supervisor/control-server.ts';
import { acquireLock, type InstanceLock } from './supervisor/instance-lock.ts';
import type { ManagedProcess } from './supervisor/managed-process.ts';
import { createOutputSink, type OutputSink } from './supervisor/output-sink.ts';
import type { Programs } from './supervisor/program.ts';
import type { ProcessState } from './supervisor/state.ts';
import { createSupervisor, type Supervisor } from './supervisor/supervisor.ts';
import { isWebBuildStale } from './web-freshness.ts';

/** What {@link runLocal} needs. */
export interface RunLocalOptions {
  readonly start: StartOptions;
  readonly data: DataDirectory;
  readonly repositoryRoot: string;
  readonly env: NodeJS.ProcessEnv;
  readonly screen: NodeJS.WriteStream;
  /** When the person pressed Enter, on the clock of `performance.now()`. */
  readonly startedAtMs: number;
}

/** A TaskFlow that is coming up or running. */
export interface RunningLocal {
  /** Resolves with the exit code when everything is gone. */
  readonly finished: Promise<number>;
  /** First call: stops everything cleanly. Second call: kills it. */
  stop(): void;
  /** Applies an edited program file. */
  reload(): Promise<void>;
}

/**
 * Runs TaskFlow: takes the data directory, settles ports and passwords, starts the programs, makes the demo data on
 * the first run and says where it is to be found.
 *
 * @throws AlreadyRunningError while another one runs on the same data
 */
export async function runLocal(options: RunLocalOptions): Promise<RunningLocal> {
  const { data, start, screen, env } = options;
  let programs: Programs = {};
  let isQuiet = false;
  const sink = createOutputSink({
    directory: data.logs,
    screen,
    color: screen.isTTY && !env['NO_COLOR'],
    isShown: (name) => !isQuiet && programs[name]?.screen !== false,
    format: formatLogLine,
  });
  const say = (message: string): void => sink.say('taskflow', message);
  await mkdir(data.root, { recursive: true });
  const lock = await acquireLock(data.lockFile, say);
  try {
    if (start.fresh) {
      await removeData(data);
    }
    await mkdir(data.logs, { recursive: true });
    const settings = await settle({ ...options, webPort: start.port, webHost: start.host, dev: start.dev, log: say });
    if (settings.redis.kind === 'embedded') {
      // Here, because a machine without any way to run Redis should say so plainly; the download may take a while too.
      await findRedis(env, say);
    }
    const buildWeb = await isWebBuildStale(options.repositoryRoot);
    const readPrograms = async (): Promise<Programs> =>
      (programs = await loadPrograms(definePrograms(settings, { buildWeb }), data.programsFile));
    await readPrograms();
    await lock.describe(settings.publicUrl);
    return await supervise({
      options,
      settings,
      programs,
      readPrograms,
      sink,
      say,
      lock,
      setQuiet: (value) => {
        isQuiet = value;
      },
    });
  } catch (error) {
    await sink.close();
    await lock.release();
    throw error;
  }
}

/** One Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const SAME_KEYSTROKE_MS = 300;

/** Everything but what a person wrote: `programs.json` stays. */
async function removeData(data: DataDirectory): Promise<void> {
  const places = [data.postgres, data.redis, data.logs, data.secretsFile, data.demoMarker];
  await Promise.all(places.map((place) => rm(place, { recursive: true, force: true })));
}

interface Run {
  readonly options: RunLocalOptions;
  readonly settings: LocalSettings;
  readonly programs: Programs;
  readonly readPrograms: () => Promise<Programs>;
  readonly sink: OutputSink;
  readonly say: (message: string) => void;
  readonly lock: InstanceLock;
  /** Whether programs write only to their log files for a while. */
  readonly setQuiet: (value: boolean) => void;
}

async function supervise(run: Run): Promise<RunningLocal> {
  const { options, sink, say, lock } = run;
  const guardian = startGuardian();
  const supervisor = createSupervisor({
    programs: run.programs,
    surroundings: {
      baseEnv: baseEnvironment(options.env, options.data.compileCache),
      groups: {
        watch: (group, signal) => {
          guardian.watch(group, signal);
          void lock.addGroup(group);
        },
        forget: (group) => {
          guardian.forget(group);
          lock.removeGroup(group);
        },
      },
    },
    outputFor: sink.outputFor,
    changed: (managed, from) => reportChange(managed, from, say),
  });
  const control = await startControlServer({
    socketPath: options.data.socketPath,
    supervisor,
    loadPrograms: run.readPrograms,
  });
  let stops = 0;
  let exitCode = 0;
  let finish: (code: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const shutDown = async (): Promise<void> => {
    await supervisor.shutdown();
    await control.close();
    await sink.close();
    await lock.release();
    finish(exitCode);
  };
  let stoppedAtMs = 0;
  const stop = (): void => {
    if (stops === 0) {
      stops = 1;
      stoppedAtMs = performance.now();
      say('Stopping everything; Ctrl-C again kills');
      void shutDown();
    } else if (performance.now() - stoppedAtMs > SAME_KEYSTROKE_MS) {
      exitCode = 1;
      supervisor.killAll();
    }
  };
  void comeUp(run, supervisor, () => stops > 0).then((isUp) => {
    if (!isUp && stops === 0) {
      exitCode = 1;
      stop();
    }
  });
  return {
    finished,
    stop,
    reload: async () => say((await control.handle({ command: 'reload' })).message),
  };
}

/** Answers whether everything runs; false when the run should end. */
async function comeUp(run: Run, supervisor: Supervisor, isStopping: () => boolean): Promise<boolean> {
  const { settings, options } = run;
  await supervisor.start();
  if (isStopping()) {
    return true;
  }
  const failed = supervisor.status().filter(({ ready, state, detail }) => !ready && !(state === 'STOPPED' && !detail));
  if (failed.length > 0) {
    const [first] = failed.filter(({ state }) => state !== 'STOPPED');
    const errors = first === undefined ? [] : await lastErrors(settings, first.id, 15);
    const list = failed.map(({ id, state, detail }) => `${id} is ${state}${detail === undefined ? '' : `: ${detail}`}`);
    options.screen.write(drawBox(['TaskFlow could not start', '', ...list, '', `Logs: ${settings.data.logs}`]));
    errors.forEach((line) => options.screen.write(`  ${line}\n`));
    // Whoever changes code wants to repair it while the rest runs.
    return settings.dev;
  }
  const took = seconds(performance.now() - options.startedAtMs);
  const demo = await demoLines(run);
  if (!isStopping()) {
    options.screen.write(
      drawBox([
        `TaskFlow is ready: ${settings.publicUrl}`,
        ...demo,
        '',
        `Started in ${took}. Ctrl-C stops everything; the data stays in ${settings.data.root}`,
      ]),
    );
  }
  return true;
}

async function demoLines(run: Run): Promise<string[]> {
  const { settings, options, say } = run;
  const wanted = options.start.demo ?? true;
  if (await isDemoSettled(settings)) {
    return options.start.demo === true ? ['', 'Demo data was made before; --fresh --demo makes it anew.'] : [];
  }
  if (!wanted) {
    await settleDemo(settings, 'declined');
    return [];
  }
  say('Making the demo workspace (once)');
  run.setQuiet(true);
  try {
    const lines = await makeDemo(settings, baseEnvironment(options.env, options.data.compileCache));
    await settleDemo(settings, 'made');
    return ['', ...lines];
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return ['', 'The demo data could not be made; the lines above say why.'];
  } finally {
    run.setQuiet(false);
  }
}

function reportChange(managed: ManagedProcess, from: ProcessState, say: (message: string) => void): void {
  const { state, id } = managed;
  if (state.name === 'RUNNING' && from.name !== 'RUNNING') {
    say(`${id} is ready`);
  } else if (state.name === 'EXITED') {
    say(
      `${id} ${state.expected ? 'is done' : `ended unexpectedly with code ${state.exit.code ?? state.exit.signal ?? '?'}`}`,
    );
  } else if (state.name === 'BACKOFF') {
    say(`${id} ended; starting it again in ${seconds(state.delayMs)} (failure ${state.failures})`);
  } else if (state.name === 'FATAL') {
    say(`${id} is given up: ${state.reason}`);
  }
}
