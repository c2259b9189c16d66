import { join } from 'node:path';

/** One check: commands that run one after another until one fails. */
export interface Step {
  /** What `--only` selects it by. */
  readonly name: string;
  readonly commands: ReadonlyArray<readonly [program: string, ...args: string[]]>;
  /** How long all its commands together may take. */
  readonly timeoutMs: number;
  /** Where vitest leaves its JSON report; such a step counts its tests instead of itself and shows them as they run. */
  readonly reportFile?: string;
}

const minuteMs = 60_000;
/** Far above what they take, also on a machine that has other things to do. */
const staticMs = 8 * minuteMs;
const testsMs = 20 * minuteMs;

/**
 * Everything that `npm test` does, in phases: the steps of a phase run side by side, the phases in turn. What is
 * quick to tell comes first.
 */
export function planSteps(reportFolder: string): readonly (readonly Step[])[] {
  return [
    [
      { name: 'types', commands: [['npm', 'run', '--silent', 'typecheck']], timeoutMs: staticMs },
      { name: 'format', commands: [['biome', 'format', '.']], timeoutMs: staticMs },
      { name: 'lint', commands: [['oxlint', '--type-aware', '--quiet']], timeoutMs: staticMs },
      { name: 'imports', commands: [['node', 'local/check/imports/main.ts']], timeoutMs: staticMs },
      { name: 'unused', commands: [['knip']], timeoutMs: staticMs },
    ],
    [vitest('tests', ['services', 'frontend'], reportFolder)],
    [
      {
        name: 'web',
        commands: [
          ['npm', 'run', '--silent', '-w', 'frontend', 'build'],
          ['npm', 'run', '--silent', '-w', 'frontend', 'size'],
        ],
        timeoutMs: 5 * minuteMs,
      },
    ],
    [vitest('e2e', ['e2e'], reportFolder)],
  ];
}

function vitest(name: string, projects: readonly string[], reportFolder: string): Step {
  const reportFile = join(reportFolder, `${name}.json`);
  const selection = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  return { name, commands: [['vitest', 'run', ...selection, ...reporters]], timeoutMs: testsMs, reportFile };
}

/**
 * Keeps the steps that are named; all when `names` is undefined.
 * @throws RangeError when a name is no step's, so that a typing error does not pass as success
 */
export function selectSteps(
  phases: readonly (readonly Step[])[],
  names: readonly string[] | undefined,
): readonly (readonly Step[])[] {
  if (names === undefined) return phases;
  const known = phases.flat().map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`no step ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return phases.map((phase) => phase.filter(({ name }) => names.includes(name))).filter((phase) => phase.length > 0);
}
