import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});

/** Starts a process of its own that has a logger `log`, and then does what `script` says. */
function run(script: string) {
  const logger = JSON.stringify(new URL('./logger.ts', import.meta.url).href);
  const program = `import { createLogger } from ${logger};\nconst log = createLogger({ service: 'test', level: 'info' });\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  child.stdout.setEncoding('utf8');
  return child;
}

/** What a process wrote until it ended, line by line. */
async function messagesOf(child: ReturnType<typeof run>): Promise<string[]> {
  let text = '';
  child.stdout.on('data', (piece: string) => {
    text += piece;
  });
  await once(child, 'close');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [messageOf(JSON.parse(line))]));
}

const messageOf = (line: unknown): string =>
  typeof line === 'object' && line !== null && 'message' in line ? String(line.message) : '';

describe('the log on standard output', () => {
  it.each([
    ['throws what nobody catches', "throw new Error('boom');"],
    ['exits in the middle of its work', 'process.exit(1);'],
    ['has nothing left to do', ''],
  ])('has the last line of a process that %s', async (_what, end) => {
    expect(await messagesOf(run(`log.info({}, 'first'); log.error({}, 'last'); ${end}`))).toEqual(['first', 'last']);
  });

  it('has every line once and in order, however many there are', async () => {
    const messages = await messagesOf(run("for (let i = 0; i < 5000; i += 1) log.info({}, 'line ' + i);"));
    expect(messages).toEqual(Array.from({ length: 5_000 }, (_, index) => `line ${index}`));
  });

  it('has a fatal line, and all before it, even when nothing can be done any more', async () => {
    const messages = await messagesOf(
      run("log.info({}, 'before'); log.fatal({}, 'fatal'); process.kill(process.pid, 'SIGKILL');"),
    );
    expect(messages).toEqual(['before', 'fatal']);
  });

  it('shows a line of a process that goes on, to whoever watches', async () => {
    const child = run("log.info({}, 'seen'); setInterval(() => undefined, 60_000);");
    const [line]: unknown[] = await once(child.stdout, 'data');
    expect(String(line)).toContain('"message":"seen"');
    expect(child.exitCode).toBeNull();
  });
});
