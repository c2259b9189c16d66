import type { z } from 'zod';

/** A payload is not what its type says. */
export class PayloadInvalidError extends Error {
  override readonly name = 'PayloadInvalidError';
  /** Where, and what is wrong there. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];

  constructor(type: string, cause: z.ZodError) {
    super(`the payload of a ${type} is not valid`, { cause });
    this.fields = cause.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  }
}
