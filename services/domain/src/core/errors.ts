import type { FieldError, ProblemCode } from '@taskflow/contract/http';

interface DomainErrorOptions extends ErrorOptions {
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

/**
 * A rule of the product said no. `code` is the stable name under which the API answers it; edges map it to a status.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ProblemCode;
  /** One sentence for a person, without secrets. */
  readonly detail: string | undefined;
  /** Fields that are not valid, with `code: 'invalid'`. */
  readonly fields: readonly FieldError[];
  /** When it makes sense to come back. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail?: string, options?: DomainErrorOptions) {
    super(detail ?? code, options);
    this.code = code;
    this.detail = detail;
    this.fields = options?.fields ?? [];
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

/** What is missing, and what the caller may not see: they are answered alike. */
export const notFound = () => new DomainError('not_found');

/** Visible, but the caller's role does not allow it. */
export const forbidden = (detail?: string) => new DomainError('forbidden', detail);

/** One field is not valid, for a reason that only the database knows. */
export const invalid = (path: string, message: string) =>
  new DomainError('invalid', undefined, { fields: [{ path, message }] });

/** @throws DomainError `stale_version` when `expected` is given and is not `current` */
export function assertVersion(current: number, expected: number | undefined): void {
  if (expected !== undefined && expected !== current) {
    throw new DomainError('stale_version');
  }
}
