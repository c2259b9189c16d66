import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSteps } from './run-steps.ts';
import { planSteps, type Step, selectSteps } from './steps.ts';

let folder: string;
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskflow-steps-'));
  lines = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function script(name: string, ...programs: string[]): Step {
  return { name, commands: programs.map((code) => [process.execPath, '-e', code] as const), timeoutMs: 20_000 };
}

async function run(...phases: Step[][]) {
  const print = (line: string): void => {
    lines.push(line);
  };
  const { signal } = new AbortController();
  return await runSteps(phases, { folder, env: process.env, concurrency: 2, signal, print });
}

describe('running steps', () => {
  it('counts each step and goes on after a failure', async () => {
    const totals = await run([script('a', 'process.exit(1)'), script('b', '0')], [script('c', '0')]);
    expect(totals).toEqual({ passed: 2, failed: 1 });
  });

  it('shows what a step said only when it failed', async () => {
    await run([
      script('loud', 'console.error("broken here"); process.exit(3)'),
      script('fine', 'console.log("noise")'),
    ]);
    expect(lines.join('\n')).toContain('broken here');
    expect(lines.join('\n')).not.toContain('noise');
  });

  it('does not run the second command when the first failed', async () => {
    const totals = await run([script('build', 'process.exit(1)', 'console.error("measured")')]);
    expect(totals).toEqual({ passed: 0, failed: 1 });
    expect(lines.join('\n')).not.toContain('measured');
  });

  it('counts the tests of a report instead of the step', async () => {
    const reportFile = join(folder, 'report.json');
    await writeFile(reportFile, JSON.stringify({ numPassedTests: 41, numFailedTests: 0 }));
    expect(await run([{ ...script('tests', '0'), reportFile }])).toEqual({ passed: 41, failed: 0 });
  });

  it('counts a failure when the tests passed but their runner did not', async () => {
    const reportFile = join(folder, 'report.json');
    await writeFile(reportFile, JSON.stringify({ numPassedTests: 41, numFailedTests: 0 }));
    expect(await run([{ ...script('tests', 'process.exit(1)'), reportFile }])).toEqual({ passed: 41, failed: 1 });
  });

  it('counts a failure when a runner left no report', async () => {
    const reportFile = join(folder, 'none.json');
    expect(await run([{ ...script('tests', '0'), reportFile }])).toEqual({ passed: 0, failed: 1 });
    expect(lines).toEqual([expect.stringMatching(/^✗ tests/)]);
  });

  it('ends a step that takes too long', async () => {
    const totals = await run([{ ...script('slow', 'setInterval(() => {}, 1000)'), timeoutMs: 300 }]);
    expect(totals).toEqual({ passed: 0, failed: 1 });
    expect(lines.join('\n')).toContain('timeout');
  });

  it('reports a program that does not exist', async () => {
    const totals = await run([{ name: 'gone', commands: [['no-such-program']], timeoutMs: 5_000 }]);
    expect(totals).toEqual({ passed: 0, failed: 1 });
    expect(lines.join('\n')).toContain('ENOENT');
  });
});

describe('selecting steps', () => {
  it('keeps the named ones in their phases', () => {
    const phases = selectSteps(planSteps(folder), ['e2e', 'lint']);
    expect(phases.map((phase) => phase.map(({ name }) => name))).toEqual([['lint'], ['e2e']]);
  });

  it('keeps all without names', () => {
    expect(selectSteps(planSteps(folder), undefined).flat()).toHaveLength(8);
  });

  it('refuses a name that is no step', () => {
    expect(() => selectSteps(planSteps(folder), ['lnit'])).toThrow('no step lnit');
  });
});
