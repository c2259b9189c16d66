import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';

/** Environment variables, `process.env` or any other record. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How the content of a `*_FILE` is read; replaced in tests. */
export type ReadText = (path: string) => string;

/** A process's variables: one zod schema each, from text; secrets may also come from a file. */
export interface VariableSet<Shape extends z.ZodRawShape> {
  readonly schema: z.ZodObject<Shape>;
  readonly secrets: ReadonlySet<string>;
}

/** An empty variable counts as absent: templates often leave one behind. */
function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}

function readSecretFile(name: string, path: string, readText: ReadText): { text: string } | ConfigProblem {
  try {
    return { text: readText(path).replace(/\r?\n$/, '') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { variable: `${name}_FILE`, message: `names a file that cannot be read (${reason})` };
  }
}

function gather(
  set: VariableSet<z.ZodRawShape>,
  environment: Environment,
  readText: ReadText,
): { values: Record<string, string>; problems: ConfigProblem[] } {
  const values: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  for (const name of Object.keys(set.schema.shape)) {
    const plain = valueOf(environment, name);
    const path = set.secrets.has(name) ? valueOf(environment, `${name}_FILE`) : undefined;
    if (plain !== undefined && path !== undefined) {
      problems.push({ variable: name, message: `and ${name}_FILE are both set: choose one` });
    } else if (path !== undefined) {
      const content = readSecretFile(name, path, readText);
      if ('text' in content) {
        values[name] = content.text;
      } else {
        problems.push(content);
      }
    } else if (plain !== undefined) {
      values[name] = plain;
    }
  }
  return { values, problems };
}

/**
 * Parses the variables of a set out of an environment.
 *
 * @throws ConfigError with every problem, not only the first
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  set: VariableSet<Shape>,
  environment: Environment,
  readText: ReadText = (path) => readFileSync(path, 'utf8'),
): z.output<z.ZodObject<Shape>> {
  const { values, problems } = gather(set, environment, readText);
  const named = new Set(problems.map((problem) => problem.variable.replace(/_FILE$/, '')));
  const parsed = set.schema.safeParse(values, {
    error: (issue) => (issue.input === undefined ? 'is required' : undefined),
  });
  for (const issue of parsed.error?.issues ?? []) {
    const variable = String(issue.path[0]);
    if (!named.has(variable)) {
      named.add(variable);
      problems.push({ variable, message: issue.message });
    }
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(problems);
  }
  return parsed.data;
}

/** Freezes a tree of plain objects and arrays, all the way down. */
export function deepFreeze<Tree extends object>(tree: Tree): Readonly<Tree> {
  for (const value of Object.values(tree)) {
    if (typeof value === 'object' && value !== null) {
      deepFreeze(value);
    }
  }
  return Object.freeze(tree);
}
