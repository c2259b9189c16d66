import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../.ci/run');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskflow-ci-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the script with an npm that does what `body` says. */
async function runWithNpm(body: string): Promise<{ status: number | null; lines: string[] }> {
  await writeFile(join(folder, 'npm'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  const { status, stdout } = spawnSync('bash', [script], { env, encoding: 'utf8', timeout: 20_000 });
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('.ci/run', () => {
  it('runs npm test and ends with its count', async () => {
    const { status, lines } = await runWithNpm('echo "npm $*"; echo "12 passed, 0 failed"');
    expect(lines).toEqual(['npm test', '12 passed, 0 failed']);
    expect(status).toBe(0);
  });

  it('ends with the count also when npm adds its own lines, and fails with npm', async () => {
    const { status, lines } = await runWithNpm('echo "11 passed, 1 failed"; echo "npm error" >&2; exit 1');
    expect(lines).toEqual(['npm error', '11 passed, 1 failed']);
    expect(status).toBe(1);
  });

  it('counts a failure when the tests never came to an end', async () => {
    const { status, lines } = await runWithNpm('echo "npm error: no space" >&2; exit 7');
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
    expect(status).toBe(7);
  });
});
