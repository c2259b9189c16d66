import { type Problem, problemCodes } from '@taskflow/contract/http';
import { isDatabaseUnavailable, isInvalidTextError, isStatementTimeout, isTransactionConflict } from '@taskflow/db';
import { DomainError } from '@taskflow/domain';

/** How an error is answered. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Nobody foresaw it: to be logged in full, and answered without detail. */
  readonly isUnexpected: boolean;
}

/** What a problem document says about the request. */
interface ProblemContext {
  readonly publicOrigin: string;
  readonly requestId: string;
  readonly traceId: string;
}

const retryAfterSeconds = 2;

/** Turns whatever was thrown into a problem document (RFC 9457). */
export function problemOf(error: unknown, context: ProblemContext): ProblemAnswer {
  const known = asDomainError(error);
  const { code, detail, fields } = known ?? new DomainError('internal');
  const { status, title } = problemCodes[code];
  const problem: Problem = {
    type: `${context.publicOrigin}/api/docs/problems/${code}`,
    title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    traceId: context.traceId,
    requestId: context.requestId,
    ...(fields.length === 0 ? {} : { errors: [...fields] }),
  };
  return { problem, headers: headersOf(known), isUnexpected: known === undefined };
}

function headersOf(error: DomainError | undefined): Record<string, string> {
  if (error?.retryAfterSeconds !== undefined) {
    return { 'Retry-After': String(Math.ceil(error.retryAfterSeconds)) };
  }
  return error?.code === 'unavailable' ? { 'Retry-After': String(retryAfterSeconds) } : {};
}

function asDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) {
    return error;
  }
  if (isDatabaseUnavailable(error) || isStatementTimeout(error)) {
    return new DomainError('unavailable', 'The database does not answer; try again', { cause: error });
  }
  if (isTransactionConflict(error)) {
    return new DomainError('conflict', 'Somebody changed the same thing at the same time; try again', { cause: error });
  }
  if (isInvalidTextError(error)) {
    return new DomainError('invalid', 'A text holds characters that cannot be stored', { cause: error });
  }
  return undefined;
}
