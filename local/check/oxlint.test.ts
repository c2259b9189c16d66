import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');

const lintReport = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
});

/** Code that the house style refuses; the first four are seen only with type information. */
const refused = [
  ['no-floating-promises', 'async function save(): Promise<void> {}\nexport const later = (): void => { save(); };'],
  ['no-misused-promises', 'export const found = [1].filter(async (one) => one > 1);'],
  ['await-thenable', 'export const now = async (): Promise<number> => await 1;'],
  [
    'switch-exhaustiveness-check',
    "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      break;\n  }\n}",
  ],
  ['no-unsafe-assignment', "export const parsed = JSON.parse('1');"],
  ['no-explicit-any', 'export const f = (x: any): boolean => x === 1;'],
  ['consistent-type-assertions', 'export const n = (x: unknown): number => x as number;'],
  ['no-non-null-assertion', 'export const first = (xs: number[]): number => xs[0]!;'],
  ['no-unused-vars', 'const forgotten = 1;\nexport const x = 2;'],
  ['no-console', "export const f = (): void => console.log('x');"],
  ['no-default-export', 'export default 1;'],
  ['no-warning-comments', '// TODO: later\nexport const x = 1;'],
] as const;

let folder: string;
let found: ReadonlyArray<{ code: string; filename: string }>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskflow-lint-'));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { strict: true, noUncheckedIndexedAccess: true } }),
  );
  for (const [rule, code] of refused) await writeFile(join(folder, `${rule}.ts`), `${code}\n`);
  await writeFile(join(folder, 'fine.ts'), 'export const numbers = [1, 2] as const;\n');
  const oxlint = join(root, 'node_modules/.bin/oxlint');
  const config = join(root, '.oxlintrc.json');
  const run = promisify(execFile)(oxlint, ['--type-aware', '-c', config, '-f', 'json', '.'], {
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
  it.each(refused)('refuses what %s is about', (rule) => {
    const codes = found.filter(({ filename }) => filename === `${rule}.ts`).map(({ code }) => code);
    expect(codes).toContainEqual(expect.stringContaining(`(${rule})`));
  });

  it('accepts as const', () => {
    expect(found.filter(({ filename }) => filename === 'fine.ts')).toEqual([]);
  });
});
