import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutputSink, type OutputSink } from './output-sink.ts';
import { parsePrograms, type ProgramDefinition } from './program.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

type Definitions = Record<string, ProgramDefinition>;

const RUN_FOREVER = 'console.log("ready"); setInterval(() => {}, 1000);';
const IGNORE_SIGTERM = `process.on("SIGTERM", () => console.log("no")); ${RUN_FOREVER}`;

let directory: string;
let supervisor: Supervisor;
let history: string[];
let shown: string;
let sink: OutputSink;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'taskflow-supervisor-'));
  history = [];
  shown = '';
});

afterEach(async () => {
  supervisor.killAll();
  await supervisor.shutdown();
  await sink.close();
  await rm(directory, { recursive: true, force: true });
});

function node(script: string, overrides: Partial<ProgramDefinition> = {}): ProgramDefinition {
  return {
    command: process.execPath,
    args: ['-e', script],
    readiness: { kind: 'log', pattern: '^ready$' },
    backoffInitialMs: 10,
    backoffMaxMs: 50,
    ...overrides,
  };
}

function create(definitions: Definitions): Supervisor {
  const screen = new Writable({
    write: (chunk, _encoding, done) => {
      shown += String(chunk);
      done();
    },
  });
  sink = createOutputSink({ directory, screen, color: false, isShown: () => true, maxBytes: 100_000, keep: 2 });
  supervisor = createSupervisor({
    programs: parsePrograms(definitions),
    surroundings: {
      baseEnv: { PATH: process.env['PATH'] ?? '' },
      groups: { watch: () => undefined, forget: () => undefined },
    },
    outputFor: sink.outputFor,
    changed: (managed, from) => history.push(`${managed.id}: ${from.name} > ${managed.state.name}`),
  });
  return supervisor;
}

function stateOf(id: string): string | undefined {
  return supervisor.status().find((status) => status.id === id)?.state;
}

function pidOf(id: string): number {
  const pid = supervisor.status().find((status) => status.id === id)?.pid;
  if (pid === undefined) {
    throw new Error(`${id} is not alive`);
  }
  return pid;
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`did not happen: ${condition.toString()}\n${history.join('\n')}`);
    }
    await delay(10);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a supervisor', () => {
  it('starts programs after what they depend on is ready, and stops them before it', async () => {
    create({
      web: node(RUN_FOREVER, { dependsOn: ['api'] }),
      api: node(RUN_FOREVER, { dependsOn: ['migrate'] }),
      migrate: node('console.log("done")', { readiness: { kind: 'completed' }, restart: 'never' }),
    });
    await supervisor.start();
    await supervisor.shutdown();
    expect(history).toEqual([
      'migrate: STOPPED > STARTING',
      'migrate: STARTING > EXITED',
      'api: STOPPED > STARTING',
      'api: STARTING > RUNNING',
      'web: STOPPED > STARTING',
      'web: STARTING > RUNNING',
      'web: RUNNING > STOPPING',
      'web: STOPPING > STOPPED',
      'api: RUNNING > STOPPING',
      'api: STOPPING > STOPPED',
    ]);
  });

  it('leaves what depends on a failed program waiting, and says for what', async () => {
    create({
      api: node(RUN_FOREVER, { dependsOn: ['migrate'] }),
      migrate: node('process.exit(3)', { readiness: { kind: 'completed' }, restart: 'never' }),
    });
    await supervisor.start();
    expect(supervisor.status()).toMatchObject([
      { id: 'migrate', state: 'EXITED', detail: 'exit code 3 (unexpected)', ready: false },
      { id: 'api', state: 'STOPPED', detail: 'waiting for migrate' },
    ]);
  });

  it('heals a program that is killed', async () => {
    create({ api: node(RUN_FOREVER) });
    await supervisor.start();
    const before = pidOf('api');
    process.kill(before, 'SIGKILL');
    await waitFor(() => history.includes('api: BACKOFF > STARTING') && stateOf('api') === 'RUNNING');
    expect(pidOf('api')).not.toBe(before);
  });

  it('leaves nothing of a killed program behind that would hold its ports', async () => {
    const script = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(IGNORE_SIGTERM)}]);
      child.stdout.once("data", () => { console.log("child " + child.pid); console.log("ready"); });`;
    create({ api: node(script, { restart: 'never' }) });
    await supervisor.start();
    const child = Number(/child (\d+)/.exec(shown)?.[1]);
    process.kill(pidOf('api'), 'SIGKILL');
    await waitFor(() => stateOf('api') === 'EXITED' && !isRunning(child));
    expect(isRunning(child)).toBe(false);
  });

  it('gives up on a program that keeps crashing', async () => {
    create({ api: node('process.exit(1)', { maxRestarts: 2 }) });
    await supervisor.start();
    expect(supervisor.status()).toMatchObject([
      { state: 'FATAL', restarts: 2, detail: 'ended with exit code 1, 3 times in a row' },
    ]);
  });

  it('gives up on a command that does not exist', async () => {
    create({ api: { command: '/nowhere/program', maxRestarts: 0 } });
    await supervisor.start();
    expect(supervisor.status()[0]?.detail).toMatch(/cannot be started: .*ENOENT/);
  });

  it('ends a program that does not become ready in time', async () => {
    create({ api: node('setInterval(() => {}, 1000)', { startTimeoutMs: 200, restart: 'never' }) });
    await supervisor.start();
    expect(supervisor.status()).toMatchObject([{ state: 'FATAL', detail: 'was not ready within 200 ms' }]);
  });

  it('kills the whole group of a program that ignores its stop signal', async () => {
    const script = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(IGNORE_SIGTERM)}]);
      process.on("SIGTERM", () => {});
      child.stdout.once("data", () => { console.log("child " + child.pid); console.log("ready"); });`;
    create({ api: node(script, { stopTimeoutMs: 200 }) });
    await supervisor.start();
    const child = Number(/child (\d+)/.exec(shown)?.[1]);
    expect(isRunning(child)).toBe(true);
    await supervisor.stopProgram('api');
    await waitFor(() => !isRunning(child));
    expect(stateOf('api')).toBe('STOPPED');
  });

  it('gives a program nothing of its own environment but what is declared', async () => {
    process.env['SECRET_OF_THE_SHELL'] = 'leaked';
    create({
      api: node('console.log(JSON.stringify(Object.keys(process.env).sort())); console.log("ready")', {
        env: { DECLARED: 'yes' },
        restart: 'never',
      }),
    });
    await supervisor.start();
    delete process.env['SECRET_OF_THE_SHELL'];
    await waitFor(() => shown.includes('['));
    expect(shown).toContain('["DECLARED","INSTANCE","PATH"]');
  });

  it('keeps both outputs apart and rotates them while a program floods', async () => {
    const flood = 'for (let i = 0; i < 20000; i += 1) console.log("line " + i); console.error("problem");';
    create({ api: node(flood, { readiness: { kind: 'completed' }, restart: 'never' }) });
    await supervisor.start();
    const current = await readFile(path.join(directory, 'api.out.log'), 'utf8');
    const former = await readFile(path.join(directory, 'api.out.log.1'), 'utf8');
    expect(current).toMatch(/line 19999\n$/);
    expect(Math.max(current.length, former.length)).toBeLessThanOrEqual(100_000);
    await expect(readFile(path.join(directory, 'api.err.log'), 'utf8')).resolves.toBe('problem\n');
    expect(shown).toContain('api        | line 19999\n');
  });

  it('runs instances that know their number', async () => {
    create({
      api: node('console.log("I am " + process.env.INSTANCE); console.log("ready"); setInterval(() => {}, 1000)', {
        instances: 2,
      }),
    });
    await supervisor.start();
    expect(supervisor.status().map(({ id, state }) => `${id} ${state}`)).toEqual(['api RUNNING', 'api:1 RUNNING']);
    expect(shown).toContain('api:1      | I am 1');
  });

  it('probes by http, tcp and command', async () => {
    const serve = 'require("node:http").createServer((_, r) => r.end("ok")).listen(0, "127.0.0.1", function () {';
    const withPort = `${serve} require("node:fs").writeFileSync(process.argv[1], String(this.address().port)); });`;
    const file = path.join(directory, 'port');
    create({
      server: {
        command: process.execPath,
        args: ['-e', withPort, file],
        readiness: { kind: 'command', command: 'test', args: ['-s', file], intervalMs: 20 },
      },
    });
    await supervisor.start();
    const port = Number(await readFile(file, 'utf8'));
    const probed: Definitions = {
      server: { command: process.execPath, args: ['-e', withPort, file], readiness: { kind: 'tcp', port } },
      http: { ...node(RUN_FOREVER), readiness: { kind: 'http', url: `http://127.0.0.1:${port}/` } },
      tcp: { ...node(RUN_FOREVER), readiness: { kind: 'tcp', port } },
    };
    await supervisor.reload(parsePrograms(probed));
    expect(supervisor.status().map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  });
});

describe('a reload', () => {
  const base: Definitions = { api: node(RUN_FOREVER), web: node(RUN_FOREVER), old: node(RUN_FOREVER) };

  it('touches only what changed', async () => {
    create(base);
    await supervisor.start();
    const pids = { api: pidOf('api'), web: pidOf('web'), old: pidOf('old') };
    const report = await supervisor.reload(
      parsePrograms({ api: node(RUN_FOREVER, { env: { A: '1' } }), web: base['web'], fresh: node(RUN_FOREVER) }),
    );
    expect(report).toEqual({
      added: ['fresh'],
      removed: ['old'],
      restarted: ['api'],
      rescaled: [],
      adjusted: [],
      unchanged: ['web'],
    });
    expect(pidOf('web')).toBe(pids.web);
    expect(pidOf('api')).not.toBe(pids.api);
    expect(isRunning(pids.old)).toBe(false);
    expect(stateOf('fresh')).toBe('RUNNING');
  });

  it('leaves processes alone when only timeouts or the number of instances change', async () => {
    create(base);
    await supervisor.start();
    const before = pidOf('api');
    const web = pidOf('web');
    const more = await supervisor.reload(
      parsePrograms({
        ...base,
        api: node(RUN_FOREVER, { instances: 2 }),
        web: node(RUN_FOREVER, { stopTimeoutMs: 1 }),
      }),
    );
    expect(more).toMatchObject({ rescaled: ['api'], adjusted: ['web'], unchanged: ['old'] });
    expect([pidOf('api'), pidOf('web')]).toEqual([before, web]);
    expect(stateOf('api:1')).toBe('RUNNING');
    const second = pidOf('api:1');
    await supervisor.reload(parsePrograms(base));
    expect([pidOf('api'), stateOf('api:1'), isRunning(second)]).toEqual([before, undefined, false]);
  });
});

describe('operations', () => {
  it('stops, starts with dependencies, and restarts one or all', async () => {
    create({
      api: node(RUN_FOREVER, { dependsOn: ['database'], autostart: false }),
      database: node(RUN_FOREVER, { autostart: false }),
    });
    await supervisor.start();
    expect([stateOf('api'), stateOf('database')]).toEqual(['STOPPED', 'STOPPED']);
    await supervisor.startProgram('api');
    expect([stateOf('api'), stateOf('database')]).toEqual(['RUNNING', 'RUNNING']);
    const before = [pidOf('api'), pidOf('database')];
    await supervisor.restartProgram('api');
    expect(pidOf('api')).not.toBe(before[0]);
    expect(pidOf('database')).toBe(before[1]);
    await supervisor.restartAll();
    expect(pidOf('database')).not.toBe(before[1]);
    await supervisor.stopProgram('api');
    expect([stateOf('api'), stateOf('database')]).toEqual(['STOPPED', 'RUNNING']);
  });

  it('does not start anything once it shuts down, not even what is waiting to be restarted', async () => {
    create({ api: node('process.exit(1)', { backoffInitialMs: 60_000, backoffMaxMs: 60_000 }) });
    void supervisor.start();
    await waitFor(() => stateOf('api') === 'BACKOFF');
    await supervisor.shutdown();
    expect(stateOf('api')).toBe('STOPPED');
  });
});
