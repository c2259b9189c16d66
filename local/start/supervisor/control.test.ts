import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askSupervisor, NotRunningError } from './control-client.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { acquireLock, AlreadyRunningError } from './instance-lock.ts';
import { parsePrograms } from './program.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

const RUN_FOREVER = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'taskflow-control-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('the control socket', () => {
  let supervisor: Supervisor;
  let server: ControlServer;
  let definitions: unknown;
  let socketPath: string;

  beforeEach(async () => {
    definitions = { api: RUN_FOREVER };
    supervisor = createSupervisor({
      programs: parsePrograms(definitions),
      surroundings: { baseEnv: {}, groups: { watch: () => undefined, forget: () => undefined } },
      outputFor: () => ({ write: () => Promise.resolve(), line: () => Promise.resolve() }),
      changed: () => undefined,
    });
    socketPath = path.join(directory, 'flow.sock');
    server = await startControlServer({
      socketPath,
      supervisor,
      loadPrograms: () => Promise.resolve(parsePrograms(definitions)),
    });
    await supervisor.start();
  });

  afterEach(async () => {
    await server.close();
    await supervisor.shutdown();
  });

  it('can be used by its owner only', async () => {
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  });

  it('tells the state of every process', async () => {
    const answer = await askSupervisor(socketPath, { command: 'status' }, 5000);
    expect(answer).toMatchObject({ ok: true, processes: [{ id: 'api', state: 'RUNNING', restarts: 0 }] });
  });

  it('stops and starts a program and says so when it is done', async () => {
    const stopped = await askSupervisor(socketPath, { command: 'stop', program: 'api' }, 5000);
    expect(stopped).toMatchObject({ ok: true, message: 'api stopped.', processes: [{ state: 'STOPPED' }] });
    const started = await askSupervisor(socketPath, { command: 'start', program: 'api' }, 5000);
    expect(started).toMatchObject({ ok: true, message: 'api started.', processes: [{ state: 'RUNNING' }] });
  });

  it('names the programs when asked about one that does not exist', async () => {
    const answer = await askSupervisor(socketPath, { command: 'restart', program: 'apo' }, 5000);
    expect(answer).toMatchObject({ ok: false, message: 'There is no program "apo". Programs: api.' });
  });

  it('changes nothing when the program file is not valid, and says where', async () => {
    definitions = { api: { ...RUN_FOREVER, stopTimeoutMs: -1 } };
    const answer = await askSupervisor(socketPath, { command: 'reload' }, 5000);
    expect(answer.ok).toBe(false);
    expect(answer.message).toContain('programs.api.stopTimeoutMs');
    expect(supervisor.status()).toMatchObject([{ state: 'RUNNING', restarts: 0 }]);
  });

  it('applies an edited program file', async () => {
    definitions = { api: RUN_FOREVER, tool: RUN_FOREVER };
    const answer = await askSupervisor(socketPath, { command: 'reload' }, 5000);
    expect(answer).toMatchObject({ ok: true, message: 'Reloaded (added: tool).' });
  });

  it('says that nothing runs when nobody listens', async () => {
    await server.close();
    await expect(askSupervisor(socketPath, { command: 'status' }, 5000)).rejects.toThrow(NotRunningError);
  });
});

describe('the lock of a data directory', () => {
  const quiet = (): void => undefined;

  it('refuses a second owner and names the first', async () => {
    const file = path.join(directory, 'lock.json');
    const lock = await acquireLock(file, quiet);
    await lock.describe('http://localhost:3000');
    await expect(acquireLock(file, quiet)).rejects.toThrow(AlreadyRunningError);
    await expect(acquireLock(file, quiet)).rejects.toThrow(`process ${process.pid} (http://localhost:3000)`);
    await lock.release();
    await (await acquireLock(file, quiet)).release();
  });

  it('takes over from a killed owner and ends what that had started', async () => {
    const file = path.join(directory, 'lock.json');
    const leftover = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
    await once(leftover, 'spawn');
    const lock = await acquireLock(file, quiet);
    await lock.addGroup(leftover.pid ?? 0);
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...Object(content), owner: { pid: 2 ** 22 + 1, startedAt: '1' } }));
    const ended = once(leftover, 'exit');
    const next = await acquireLock(file, quiet, { guardianMs: 100, stopMs: 5000 });
    await ended;
    expect(leftover.signalCode).toBe('SIGTERM');
    await next.release();
  });

  it('does not mistake another process with the same number for the owner', async () => {
    const file = path.join(directory, 'lock.json');
    const owner = { pid: process.pid, startedAt: 'at another time' };
    await writeFile(file, JSON.stringify({ owner, groups: [], description: '' }));
    const lock = await acquireLock(file, quiet);
    expect(JSON.parse(await readFile(file, 'utf8'))).not.toMatchObject({ owner });
    await lock.release();
  });

  it('takes over a lock that was torn by a crash', async () => {
    const file = path.join(directory, 'lock.json');
    await writeFile(file, '');
    await (await acquireLock(file, quiet)).release();
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});
