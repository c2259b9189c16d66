import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports, type ImportReport } from './check-imports.ts';

const config = join(import.meta.dirname, '../../../.dependency-cruiser.cjs');

/** Each file has one import that no rule allows. */
const forbidden = [
  ['direction-contract', 'services/contract/src/late.ts', '@taskflow/config'],
  ['direction-config', 'services/config/src/late.ts', '@taskflow/db'],
  ['direction-resilience', 'services/resilience/src/late.ts', '@taskflow/telemetry'],
  ['direction-telemetry', 'services/telemetry/src/late.ts', '@taskflow/redis'],
  ['direction-db', 'services/db/src/sideways.ts', '@taskflow/redis'],
  ['direction-redis', 'services/redis/src/sideways.ts', '@taskflow/db'],
  ['direction-domain', 'services/domain/src/late.ts', '@taskflow/api'],
  ['direction-api', 'services/api/src/sideways.ts', '@taskflow/worker'],
  ['direction-worker', 'services/worker/src/sideways.ts', '@taskflow/api'],
  ['packages-by-name', 'services/api/src/inside.ts', '../../db/src/index.ts'],
  ['not-resolvable', 'services/api/src/deep.ts', '@taskflow/db/src/index.ts'],
  ['local-only-embedded', 'services/db/src/start.test.ts', '@taskflow/local'],
  ['embedded-only-in-tests', 'services/db/src/embedded.ts', '@taskflow/local/embedded'],
  ['contract-only-zod', 'services/contract/src/heavy.ts', 'koa'],
  ['contract-no-builtins', 'services/contract/src/builtin.ts', 'node:fs'],
  ['foreign-repository', 'services/domain/src/tasks/task-service.ts', '../projects/project-repository.ts'],
  ['no-import-of-main', 'services/api/src/start.ts', './main.ts'],
  ['no-import-of-tests', 'services/db/src/shared.ts', './start.test.ts'],
  ['frontend-only-contract', 'frontend/src/features/service.ts', '@taskflow/domain'],
  ['frontend-no-builtins', 'frontend/src/lib/builtin.ts', 'node:path'],
  ['frontend-lib', 'frontend/src/lib/upwards.ts', '../components/button.tsx'],
  ['frontend-components', 'frontend/src/components/upwards.ts', '../features/service.ts'],
  ['frontend-features', 'frontend/src/features/upwards.ts', '../app/router.ts'],
] as const;

/** Imports that follow the direction. */
const allowed = [
  ['services/db/src/wait.ts', '@taskflow/resilience'],
  ['services/db/src/database.test.ts', '@taskflow/local/embedded'],
  ['services/domain/src/tasks/create-task.ts', '@taskflow/db'],
  ['services/domain/src/tasks/rename-task.ts', './task-repository.ts'],
  ['services/api/src/routes.ts', '@taskflow/domain'],
  ['services/contract/src/schema.ts', 'zod'],
  ['frontend/src/app/client.ts', '@taskflow/contract'],
  ['frontend/src/app/screen.ts', '../features/service.ts'],
] as const;

const leaves = [
  'services/domain/src/projects/project-repository.ts',
  'services/domain/src/tasks/task-repository.ts',
  'services/api/src/main.ts',
  'frontend/src/components/button.tsx',
  'frontend/src/app/router.ts',
];

let root: string;
let report: ImportReport;

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function writeWorkspace(folder: string): Promise<void> {
  const name = folder.replace('services/', '');
  const exports = name === 'local' ? { '.': './index.ts', './embedded': './embedded/index.ts' } : './src/index.ts';
  await write(`${folder}/package.json`, JSON.stringify({ name: `@taskflow/${name}`, type: 'module', exports }));
  await write(name === 'local' ? 'local/index.ts' : `${folder}/src/index.ts`, 'export const value = 1;\n');
  await symlink(join(root, folder), join(root, 'node_modules/@taskflow', name));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taskflow-imports-'));
  await mkdir(join(root, 'node_modules/@taskflow'), { recursive: true });
  for (const name of ['contract', 'config', 'resilience', 'telemetry', 'db', 'redis', 'domain', 'api', 'worker']) {
    await writeWorkspace(`services/${name}`);
  }
  await writeWorkspace('local');
  await write('local/embedded/index.ts', 'export const value = 1;\n');
  for (const name of ['koa', 'zod']) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, type: 'module', exports: './index.js' }));
    await write(`node_modules/${name}/index.js`, 'export const value = 1;\n');
  }
  for (const path of leaves) await write(path, 'export const value = 1;\n');
  for (const [, path, imported] of forbidden) {
    await write(path, `import type { value } from '${imported}';\nexport type Value = typeof value;\n`);
  }
  for (const [path, imported] of allowed) {
    await write(path, `import { value } from '${imported}';\nexport const copy = value;\n`);
  }
  await write('services/db/src/egg.ts', "export * from './hen.ts';\n");
  await write('services/db/src/hen.ts', "export * from './egg.ts';\n");
  report = await checkImports(root, ['services', 'frontend', 'local'], config);
}, 60_000);

afterAll(async () => {
  await rm(root, { recursive: true });
});

describe('the import rules', () => {
  it.each(forbidden)('%s: %s may not import %s', (rule, path) => {
    expect(report.violations.filter(({ from }) => from === path).map((violation) => violation.rule)).toContain(rule);
  });

  it.each(allowed)('%s may import %s', (path) => {
    expect(report.violations.filter(({ from }) => from === path)).toEqual([]);
  });

  it('follow a workspace package to its real path, so that they apply to imports by name', () => {
    expect(report.violations).toContainEqual(
      expect.objectContaining({ from: 'services/api/src/sideways.ts', to: 'services/worker/src/index.ts' }),
    );
  });

  it('refuse cycles', () => {
    expect(report.violations.filter(({ rule }) => rule === 'no-cycles')).toHaveLength(1);
  });

  it('refuse to pass when nothing was read', async () => {
    await mkdir(join(root, 'empty'));
    await expect(checkImports(root, ['empty'], config)).rejects.toThrow('read no module');
  });
});
