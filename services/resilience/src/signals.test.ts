import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

const api = pathToFileURL(resolve(import.meta.dirname, 'index.ts')).href;

/** A process that serves nothing, says where it is in its life, and takes half a second to drain. */
const program = `
  import { createLifecycle, runProcess } from '${api}';
  const log = { info: (_, message) => console.log(message), warn() {}, error: (fields, message) => console.log(message) };
  const part = { name: 'work', start: async () => setInterval(() => {}, 1000), stop: async () => console.log('work ended') };
  const lifecycle = createLifecycle([part], { log, drainDelayMs: 500, gracePeriodMs: 1000 });
  await runProcess({ lifecycle, log, process });
  if (process.env.REJECT) void Promise.reject(new Error('nobody listens'));
`;

/** Real signals to a real process: what the fake one of the other tests stands for. */
describe('a process run by runProcess', () => {
  let child: ChildProcess;
  let output = '';

  function start(environment: Record<string, string> = {}): Promise<number | null> {
    output = '';
    child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { PATH: process.env['PATH'], ...environment },
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    return new Promise((done) => {
      child.once('close', (code) => done(code));
    });
  }

  afterEach(() => {
    child.kill('SIGKILL');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('drains and exits 0 on %s', async (signal) => {
    const ended = start();
    await vi.waitUntil(() => output.includes('ready'), { timeout: 10_000 });
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(output).toBe('ready\ndraining\nwork ended\nstopped\n');
  });

  it('exits at once on a second signal', async () => {
    const ended = start();
    await vi.waitUntil(() => output.includes('ready'), { timeout: 10_000 });
    child.kill('SIGTERM');
    await vi.waitUntil(() => output.includes('draining'), { timeout: 10_000 });
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(output).not.toContain('work ended');
  });

  it('exits 1 when a promise is rejected and nobody listens', async () => {
    expect(await start({ REJECT: '1' })).toBe(1);
    expect(output).toContain('an error was caught by nobody');
  });
});
