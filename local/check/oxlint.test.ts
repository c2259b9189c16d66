import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');

const lintReport = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
});

/** Code that the house style refuses, and where; the first five are seen only with type information. */
const refused = [
  [
    'no-floating-promises',
    'a.ts',
    'async function save(): Promise<void> {}\nexport const f = (): void => { save(); };',
  ],
  ['no-misused-promises', 'b.ts', 'export const found = [1].filter(async (one) => one > 1);'],
  ['await-thenable', 'c.ts', 'export const now = async (): Promise<number> => await 1;'],
  [
    'switch-exhaustiveness-check',
    'd.ts',
    "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      break;\n  }\n}",
  ],
  ['no-unsafe-assignment', 'e.ts', "export const parsed = JSON.parse('1');"],
  ['no-explicit-any', 'f.ts', 'export const f = (x: any): boolean => x === 1;'],
  ['consistent-type-assertions', 'g.ts', 'export const n = (x: unknown): number => x as number;'],
  ['no-non-null-assertion', 'h.ts', 'export const first = (xs: number[]): number => xs[0]!;'],
  ['no-unused-vars', 'i.ts', 'const forgotten = 1;\nexport const x = 2;'],
  ['no-console', 'j.ts', "export const f = (): void => console.log('x');"],
  ['no-default-export', 'k.ts', 'export default 1;'],
  ['no-warning-comments', 'l.ts', '// TODO: later\nexport const x = 1;'],
  ['filename-case', 'camelCase.ts', 'export const x = 1;'],
  ['no-process-env', 'services/api/src/env.ts', "export const home = process.env['HOME'];"],
  ['no-focused-tests', 'm.test.ts', "import { expect, it } from 'vitest';\nit.only('is', () => expect(1).toBe(1));"],
  ['expect-expect', 'n.test.ts', "import { it } from 'vitest';\nit('says nothing', () => {});"],
  ['alt-text', 'frontend/src/a.tsx', 'export const Face = () => <img src="a.png" />;'],
  ['click-events-have-key-events', 'frontend/src/b.tsx', 'export const Row = () => <div onClick={() => 1} />;'],
  [
    'rules-of-hooks',
    'frontend/src/c.tsx',
    "import { useState } from 'react';\nexport function One({ on }: { on: boolean }) {\n  if (on) useState(1);\n  return null;\n}",
  ],
  [
    'exhaustive-deps',
    'frontend/src/d.tsx',
    "import { useMemo } from 'react';\nexport function One({ on }: { on: boolean }) {\n  return useMemo(() => on, []);\n}",
  ],
] as const;

let folder: string;
let found: ReadonlyArray<{ code: string; filename: string }>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskflow-lint-'));
  const compilerOptions = { strict: true, noUncheckedIndexedAccess: true, jsx: 'preserve' };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  // The rules name folders relative to their own place.
  await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [, path, code] of refused) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${code}\n`);
  }
  await writeFile(join(folder, 'fine.ts'), 'export const numbers = [1, 2] as const;\n');
  const run = promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), ['--type-aware', '-f', 'json', '.'], {
    cwd: folder,
    timeout: 30_000,
  });
  // It exits with 1, because it finds what it should.
  const { stdout } = await run.catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
  found = lintReport.parse(JSON.parse(stdout)).diagnostics;
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('the linter', () => {
  it.each(refused)('refuses by %s what stands in %s', (rule, path) => {
    const codes = found.filter(({ filename }) => filename === path).map(({ code }) => code);
    expect(codes).toContainEqual(expect.stringContaining(`(${rule})`));
  });

  it('accepts as const', () => {
    expect(found.filter(({ filename }) => filename === 'fine.ts')).toEqual([]);
  });
});
