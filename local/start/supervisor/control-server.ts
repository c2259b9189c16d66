import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type ControlRequest, type ControlResponse, controlRequestSchema } from './control-protocol.ts';
import { InvalidProgramsError, type Programs } from './program.ts';
import type { ReloadReport } from './reload.ts';
import type { ProcessStatus } from './status.ts';
import type { Supervisor } from './supervisor.ts';

/** Settings of {@link startControlServer}. */
export interface ControlServerOptions {
  readonly socketPath: string;
  readonly supervisor: Supervisor;
  /** Reads the program files again. @throws InvalidProgramsError */
  readonly loadPrograms: () => Promise<Programs>;
}

/** Answers `npm run flow`. */
export interface ControlServer {
  /** Carries out one request; also what SIGHUP uses. Never throws. */
  handle(request: ControlRequest): Promise<ControlResponse>;
  close(): Promise<void>;
}

/**
 * Listens on a Unix socket that only this user can use.
 *
 * @throws when the socket cannot be created
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const handle = (request: ControlRequest): Promise<ControlResponse> =>
    carryOut(request, options).catch((error: unknown) => refusal(describeError(error)));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket })
      .on('line', (line) => {
        void answer(line, handle).then((response) => {
          if (socket.writable) {
            socket.write(`${JSON.stringify(response)}\n`);
          }
        });
      })
      // Errors of the socket arrive here a second time.
      .on('error', () => undefined);
  });
  // A socket file left behind by a killed supervisor; the lock says that none is alive.
  await rm(options.socketPath, { force: true });
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.socketPath, resolve);
    });
  } finally {
    process.umask(before);
  }
  return {
    handle,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

async function answer(
  line: string,
  handle: (request: ControlRequest) => Promise<ControlResponse>,
): Promise<ControlResponse> {
  try {
    return await handle(controlRequestSchema.parse(JSON.parse(line)));
  } catch {
    return refusal('The request was not understood.');
  }
}

async function carryOut(request: ControlRequest, options: ControlServerOptions): Promise<ControlResponse> {
  const { supervisor } = options;
  switch (request.command) {
    case 'status':
      return { ok: supervisor.status().every(({ ready }) => ready), message: '', processes: supervisor.status() };
    case 'reload': {
      const report = await supervisor.reload(await options.loadPrograms());
      return { ok: true, message: describeReload(report), processes: supervisor.status() };
    }
    case 'restart':
      if (request.program === 'all') {
        await supervisor.restartAll();
        return outcome(supervisor.status(), 'restarted', ({ ready }) => ready);
      }
      return onProgram(request.program, options, () => supervisor.restartProgram(request.program));
    case 'start':
      return onProgram(request.program, options, () => supervisor.startProgram(request.program));
    case 'stop':
      return onProgram(request.program, options, () => supervisor.stopProgram(request.program));
  }

  async function onProgram(
    name: string,
    { supervisor: owner }: ControlServerOptions,
    work: () => Promise<void>,
  ): Promise<ControlResponse> {
    if (!owner.hasProgram(name)) {
      const names = [...new Set(owner.status().map((status) => status.program))];
      return refusal(`There is no program "${name}". Programs: ${names.join(', ')}.`);
    }
    await work();
    const processes = owner.status().filter((status) => status.program === name);
    const wantsDown = request.command === 'stop';
    const verb = { start: 'started', stop: 'stopped', restart: 'restarted', status: '', reload: '' }[request.command];
    return outcome(processes, verb, ({ ready, state }) => (wantsDown ? state !== 'RUNNING' : ready));
  }
}

function outcome(
  processes: ProcessStatus[],
  verb: string,
  isGood: (status: ProcessStatus) => boolean,
): ControlResponse {
  const bad = processes.filter((status) => !isGood(status));
  const message =
    bad.length === 0
      ? `${processes.map(({ id }) => id).join(', ')} ${verb}.`
      : bad.map(({ id, state, detail }) => `${id} is ${state}${detail === undefined ? '' : `: ${detail}`}.`).join('\n');
  return { ok: bad.length === 0, message, processes };
}

function describeReload(report: ReloadReport): string {
  const parts = (['added', 'removed', 'restarted', 'rescaled', 'adjusted'] as const)
    .filter((kind) => report[kind].length > 0)
    .map((kind) => `${kind}: ${report[kind].join(', ')}`);
  return parts.length === 0 ? 'Nothing has changed.' : `Reloaded (${parts.join('; ')}).`;
}

function describeError(error: unknown): string {
  if (error instanceof InvalidProgramsError) {
    return `The program file is not valid, nothing was changed:\n${error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function refusal(message: string): ControlResponse {
  return { ok: false, message, processes: [] };
}
