import { z } from 'zod';
import { apiVariables } from './api-config.ts';
import type { VariableSet } from './environment.ts';
import { migrateVariables } from './migrate-config.ts';
import { workerVariables } from './worker-config.ts';

/** The processes that read an environment. */
export type ConfiguredProcess = 'api' | 'worker' | 'migrate';

/** One variable as documentation and manifests need to know it. */
export interface VariableDescription {
  readonly name: string;
  readonly description: string;
  /** `undefined` when there is none. */
  readonly default: string | undefined;
  readonly required: boolean;
  /** Its value is a secret, and `<name>_FILE` may name a file that holds it. */
  readonly secret: boolean;
}

const inputSchema = z.object({
  required: z.array(z.string()),
  properties: z.record(z.string(), z.object({ description: z.string(), default: z.string().optional() })),
});

function describe(set: VariableSet<z.ZodRawShape>): VariableDescription[] {
  const { properties, required } = inputSchema.parse(
    z.toJSONSchema(set.schema, { io: 'input', unrepresentable: 'any' }),
  );
  return Object.entries(properties).map(([name, property]) => ({
    name,
    description: property.description,
    default: property.default,
    required: required.includes(name),
    secret: set.secrets.has(name),
  }));
}

/** Every variable each process knows, in reading order; whatever is not listed is not read. */
export function describeVariables(): Readonly<Record<ConfiguredProcess, readonly VariableDescription[]>> {
  return { api: describe(apiVariables), worker: describe(workerVariables), migrate: describe(migrateVariables) };
}

function defaultCell({ default: fallback, required }: VariableDescription): string {
  if (required) {
    return '**required**';
  }
  if (fallback === undefined) {
    return 'not set';
  }
  return fallback === '' ? 'empty' : `\`${fallback}\``;
}

function row(variable: VariableDescription): string {
  const { name, description, secret } = variable;
  return `| \`${name}\`${secret ? ' (secret)' : ''} | ${defaultCell(variable)} | ${description} |`;
}

/** The reference of every variable as Markdown, one table a process. */
export function variablesAsMarkdown(): string {
  const sections = Object.entries(describeVariables()).map(([process, variables]) =>
    [`## ${process}`, '', '| variable | default | what it does |', '|---|---|---|', ...variables.map(row)].join('\n'),
  );
  return `${sections.join('\n\n')}\n`;
}
