import { z } from 'zod';

const durationMs = z.int().min(0).max(86_400_000);
/** The operating system ends every text it is given at a NUL. */
const text = z.string().refine((value) => !value.includes('\0'), 'holds a NUL character');
const filledText = text.min(1);
const environment = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a variable'), text);

const everyAttempt = {
  /** Pause between two attempts. */
  intervalMs: durationMs.default(100),
  /** How long one attempt may take. */
  attemptTimeoutMs: durationMs.default(2000),
};

const readinessSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('completed') }),
  z.strictObject({
    kind: z.literal('log'),
    pattern: z.string().min(1).refine(isPattern, 'is not a regular expression'),
  }),
  z.strictObject({ kind: z.literal('http'), url: z.url({ protocol: /^https?$/ }), ...everyAttempt }),
  z.strictObject({
    kind: z.literal('tcp'),
    host: z.string().default('127.0.0.1'),
    port: z.int().min(1).max(65_535),
    ...everyAttempt,
  }),
  z.strictObject({
    kind: z.literal('command'),
    command: filledText,
    args: z.array(text).default([]),
    ...everyAttempt,
  }),
]);

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;

const programShape = {
  /** Program to run: an absolute path, or a name looked up on PATH. */
  command: filledText,
  args: z.array(text).default([]),
  /** Added to PATH, HOME, LANG, TMPDIR, USER and TZ; nothing else is inherited. */
  env: environment.default({}),
  /** Working directory. */
  cwd: filledText.optional(),
  /** What has to be true before the program counts as running. */
  readiness: readinessSchema.default({ kind: 'none' }),
  /** How long it may take to become ready; then it is stopped, which counts as a failure. */
  startTimeoutMs: durationMs.default(30_000),
  stopSignal: z.enum(stopSignals).default('SIGTERM'),
  /** How long it may take to end after the signal; then its process group gets SIGKILL. */
  stopTimeoutMs: durationMs.default(10_000),
  restart: z.enum(['always', 'on-failure', 'never']).default('on-failure'),
  /** Restarts in a row before giving up; a run longer than `stableAfterMs` begins a new row. */
  maxRestarts: z.int().min(0).max(1_000_000).default(10),
  stableAfterMs: durationMs.default(10_000),
  backoffInitialMs: durationMs.default(200),
  backoffMaxMs: durationMs.default(10_000),
  /** How many run side by side; each finds its number, from 0, in INSTANCE. */
  instances: z.int().min(1).max(64).default(1),
  /** Whether it starts with the supervisor. */
  autostart: z.boolean().default(true),
  /** Exit codes that are no failure. */
  expectedExitCodes: z.array(z.int().min(0).max(255)).default([0]),
  /** Programs that have to be running, or to have ended well, before this one starts. */
  dependsOn: z.array(z.string()).default([]),
  /** Whether its output also appears on screen; it is always kept in the log files. */
  screen: z.boolean().default(true),
};

const programSchema = z.strictObject(programShape);
const nameSchema = z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not a name of lower-case letters, digits and hyphens');
const programsSchema = z.record(nameSchema, programSchema);

/** How it is known that a program is ready. */
export type Readiness = z.output<typeof readinessSchema>;
/** A program as it is written down. */
export type ProgramDefinition = z.input<typeof programSchema>;
/** A program with every default filled in. */
export type Program = Readonly<z.output<typeof programSchema>>;
/** Programs by name. */
export type Programs = Readonly<Record<string, Program>>;

/** One thing wrong with a program file: where, and what. */
export interface ProgramProblem {
  /** Such as `programs.api.stopTimeoutMs`. */
  readonly path: string;
  readonly message: string;
}

/** The programs cannot be used; every problem is named by its path. */
export class InvalidProgramsError extends Error {
  readonly problems: readonly ProgramProblem[];

  constructor(problems: readonly ProgramProblem[]) {
    super(problems.map((problem) => `${problem.path}: ${problem.message}`).join('\n'));
    this.name = 'InvalidProgramsError';
    this.problems = problems;
  }
}

/**
 * Checks program definitions, fills in defaults and makes sure that the dependencies exist and form no circle.
 *
 * @throws InvalidProgramsError with every problem
 */
export function parsePrograms(definitions: unknown): Programs {
  const parsed = programsSchema.safeParse(definitions);
  if (!parsed.success) {
    throw new InvalidProgramsError(
      parsed.error.issues.map((issue) => ({ path: ['programs', ...issue.path].join('.'), message: issue.message })),
    );
  }
  const problems = dependencyProblems(parsed.data);
  if (problems.length > 0) {
    throw new InvalidProgramsError(problems);
  }
  return parsed.data;
}

/** Names in an order in which every program comes after those it depends on. */
export function startOrder(programs: Programs): string[] {
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (!ordered.includes(name)) {
      for (const dependency of programs[name]?.dependsOn ?? []) {
        visit(dependency);
      }
      ordered.push(name);
    }
  };
  for (const name of Object.keys(programs)) {
    visit(name);
  }
  return ordered;
}

function dependencyProblems(programs: Programs): ProgramProblem[] {
  const problems: ProgramProblem[] = [];
  for (const [name, program] of Object.entries(programs)) {
    program.dependsOn.forEach((dependency, index) => {
      if (programs[dependency] === undefined) {
        problems.push({ path: `programs.${name}.dependsOn.${index}`, message: `there is no program "${dependency}"` });
      }
    });
  }
  if (problems.length === 0) {
    const circle = findCircle(programs);
    if (circle !== undefined) {
      problems.push({ path: `programs.${circle[0]}.dependsOn`, message: `is a circle: ${circle.join(' -> ')}` });
    }
  }
  return problems;
}

function findCircle(programs: Programs): readonly [string, ...string[]] | undefined {
  const done = new Set<string>();
  const walk = (name: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(name)) {
      return [...trail.slice(trail.indexOf(name)), name];
    }
    if (done.has(name)) {
      return undefined;
    }
    for (const dependency of programs[name]?.dependsOn ?? []) {
      const circle = walk(dependency, [...trail, name]);
      if (circle !== undefined) {
        return circle;
      }
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(programs)) {
    const [first, ...rest] = walk(name, []) ?? [];
    if (first !== undefined) {
      return [first, ...rest];
    }
  }
  return undefined;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
