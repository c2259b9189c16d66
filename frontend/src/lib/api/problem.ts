import type { FieldError, ProblemCode } from '@taskflow/contract/http';

/** What went wrong before an answer of the API could be read. */
export type TransportCode = 'offline' | 'timeout' | 'unreadable';

interface ProblemInit {
  readonly code: ProblemCode | TransportCode;
  readonly status: number;
  readonly title: string;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A request that did not succeed: an RFC 9457 problem of the API, or a transport failure (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode | TransportCode;
  readonly status: number;
  /** The fields that are not valid, by path; empty for other problems. */
  readonly errors: readonly FieldError[];
  /** What an operator finds the request by in the logs. */
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(init: ProblemInit, options?: ErrorOptions) {
    super(init.title, options);
    this.code = init.code;
    this.status = init.status;
    this.errors = init.errors ?? [];
    this.requestId = init.requestId;
    this.retryAfterSeconds = init.retryAfterSeconds;
  }

  /** The message about one field, if it is among the invalid ones. */
  fieldError(path: string): string | undefined {
    return this.errors.find((error) => error.path === path)?.message;
  }
}

/** Whether something thrown is a problem with this code. */
export function isProblem(error: unknown, code?: ApiProblem['code']): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}
