import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidProgramsError, parsePrograms, type ProgramDefinition, type Programs } from './supervisor/program.ts';

const fileSchema = z.strictObject({
  programs: z.record(z.string(), z.union([z.null(), z.looseObject({ env: z.looseObject({}).optional() })])),
});

/**
 * Lays a person's program file over the built-in programs: fields replace fields, variables join variables, a new
 * name is a new program, `null` removes one. A missing file changes nothing.
 *
 * @throws InvalidProgramsError with every problem, named by its path
 */
export async function loadPrograms(builtIn: Record<string, ProgramDefinition>, file: string): Promise<Programs> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return parsePrograms(builtIn);
  }
  const merged: Record<string, unknown> = { ...builtIn };
  for (const [name, patch] of Object.entries(parseFile(text, file))) {
    if (patch === null) {
      delete merged[name];
    } else {
      const base = builtIn[name];
      merged[name] = { ...base, ...patch, env: { ...base?.env, ...patch.env } };
    }
  }
  return parsePrograms(merged);
}

function parseFile(text: string, file: string): z.infer<typeof fileSchema>['programs'] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InvalidProgramsError([{ path: file, message: `is not JSON: ${message}` }]);
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    throw new InvalidProgramsError(
      parsed.error.issues.map((issue) => ({ path: issue.path.join('.') || file, message: issue.message })),
    );
  }
  return parsed.data.programs;
}
