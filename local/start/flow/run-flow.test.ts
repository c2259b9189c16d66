import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataDirectory, dataDirectory } from '../data-directory.ts';
import { type ControlServer, startControlServer } from '../supervisor/control-server.ts';
import { parsePrograms } from '../supervisor/program.ts';
import { createSupervisor, type Supervisor } from '../supervisor/supervisor.ts';
import { followLogs, listLogs, printLogs } from './logs.ts';
import { EXIT, runFlow } from './run-flow.ts';
import { statusTable } from './status-table.ts';

let data: DataDirectory;

beforeEach(async () => {
  data = dataDirectory({ TASKFLOW_DATA_DIR: await mkdtemp(path.join(tmpdir(), 'taskflow-flow-')) }, '/');
  await mkdir(data.run, { recursive: true });
  await mkdir(data.logs, { recursive: true });
});

afterEach(async () => {
  await rm(data.root, { recursive: true, force: true });
});

async function flow(...args: string[]): Promise<{ code: number; out: string; problem: string }> {
  let out = '';
  let problem = '';
  const code = await runFlow(args, data, { out: (text) => (out += text), problem: (text) => (problem += text) });
  return { code, out, problem };
}

describe('flow, while TaskFlow runs', () => {
  let supervisor: Supervisor;
  let server: ControlServer;

  beforeEach(async () => {
    supervisor = createSupervisor({
      programs: parsePrograms({ api: { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] } }),
      surroundings: { baseEnv: {}, groups: { watch: () => undefined, forget: () => undefined } },
      outputFor: () => ({ write: () => Promise.resolve(), line: () => Promise.resolve() }),
      changed: () => undefined,
    });
    server = await startControlServer({
      socketPath: data.socketPath,
      supervisor,
      loadPrograms: () => Promise.resolve(parsePrograms({})),
    });
    await supervisor.start();
  });

  afterEach(async () => {
    await server.close();
    await supervisor.shutdown();
  });

  it('shows a table of what runs', async () => {
    const { code, out } = await flow('status');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^PROGRAM +STATE +PID +FOR +RESTARTS\napi +RUNNING +\d+ +\d+ s +0\n$/);
  });

  it('says by its exit code that something is not as it should be', async () => {
    expect(await flow('stop', 'api')).toEqual({ code: EXIT.ok, out: 'api stopped.\n', problem: '' });
    expect((await flow('status')).code).toBe(EXIT.problem);
    expect(await flow('restart', 'apo')).toMatchObject({
      code: EXIT.problem,
      problem: expect.stringContaining('"apo"'),
    });
  });
});

describe('flow, while nothing runs', () => {
  it('says so, with an exit code of its own', async () => {
    const { code, problem } = await flow('status');
    expect([code, problem]).toEqual([
      EXIT.notRunning,
      `TaskFlow is not running on ${data.root}. Start it with "npm start".\n`,
    ]);
  });

  it('explains what it understands', async () => {
    expect(await flow('--help')).toMatchObject({ code: EXIT.ok, out: expect.stringContaining('restart PROGRAM|all') });
    for (const wrong of [[], ['strat', 'api'], ['restart'], ['status', 'api'], ['logs', '-n', 'x'], ['--verbose']]) {
      expect((await flow(...wrong)).code).toBe(EXIT.usage);
    }
  });

  it('still shows what programs wrote', async () => {
    await writeFile(path.join(data.logs, 'api.out.log'), 'one\ntwo\nthree\n');
    await writeFile(path.join(data.logs, 'api.out.log.1'), 'rotated away\n');
    await writeFile(path.join(data.logs, 'web.err.log'), 'oops\n');
    expect((await flow('logs', 'api', '-n', '2')).out).toBe('two\nthree\n');
    expect((await flow('logs')).out).toBe('api | one\napi | two\napi | three\nweb | oops\n');
    expect(await flow('logs', 'wbe')).toMatchObject({
      code: EXIT.problem,
      problem: expect.stringContaining('api, web'),
    });
  });

  it('follows a log through its rotation', async () => {
    const file = path.join(data.logs, 'api.out.log');
    await writeFile(file, 'before\n');
    const logs = await listLogs(data.logs);
    const positions = await printLogs(logs, 0, () => undefined);
    const seen: string[] = [];
    const stop = new AbortController();
    await appendFile(file, 'half a ');
    const following = followLogs(
      logs,
      positions,
      (line) => {
        seen.push(line);
        if (line === 'line\n') {
          stop.abort();
        }
        if (line === 'half a line\n') {
          void rm(file).then(() => writeFile(file, 'line\n'));
        }
      },
      stop.signal,
    );
    await appendFile(file, 'line\n');
    await following;
    expect(seen).toEqual(['half a line\n', 'line\n']);
  });
});

describe('statusTable', () => {
  it('names durations as people do', () => {
    const now = new Date('2026-01-10T00:00:00Z');
    const at = (since: string) => ({
      id: 'x',
      program: 'x',
      state: 'RUNNING' as const,
      since,
      restarts: 0,
      ready: true,
    });
    const table = statusTable(
      [at('2026-01-09T23:58:30Z'), at('2026-01-09T23:50:00Z'), at('2026-01-09T20:00:00Z'), at('2026-01-01T00:00:00Z')],
      now,
    );
    expect(table.match(/(\d+ (?:s|min|h|d)) /g)).toEqual(['90 s ', '10 min ', '4 h ', '9 d ']);
  });
});
