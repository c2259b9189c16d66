import { z } from 'zod';

/** A statement as the API sends it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What stands in a captured create where each request puts its own: the task's id, the key, the body's hash. */
export const placeholders = {
  id: '00000000-0000-7000-8000-000000000000',
  key: 'the-key',
  bodyHash: 'the-hash',
} as const;

/** Hands a statement to a program. Buffers do not survive JSON; the program puts its own in their place. */
export const toEnv = ({ text, values }: Statement): Record<string, string> => ({
  STATEMENT: JSON.stringify({
    text,
    values: values.map((value) => (Buffer.isBuffer(value) ? placeholders.bodyHash : value)),
  }),
});

const schema = z.object({ text: z.string(), values: z.array(z.unknown()) });

/** The statement that the benchmark handed to this program. */
export const fromEnv = (): z.infer<typeof schema> => schema.parse(JSON.parse(process.env['STATEMENT'] ?? '{}'));
