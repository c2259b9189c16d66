/** Options of {@link JobFailure}. */
export interface JobFailureOptions extends ErrorOptions {
  /** Whether another attempt may help. @default true */
  readonly retryable?: boolean;
  /** The other side asked to wait so long. */
  readonly retryAfterMs?: number;
  /** Whether the failure says something about the other side, so that its circuit breaker counts it. @default true */
  readonly countsForBreaker?: boolean;
}

/**
 * Thrown by a handler that knows why it failed. `code` is one of a bounded set, as in `HTTP_503`, `SMTP_4XX`,
 * `ECONNREFUSED`; never a text of the other side.
 */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly countsForBreaker: boolean;

  constructor(code: string, message: string, options: JobFailureOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? true;
    this.retryAfterMs = options.retryAfterMs;
    this.countsForBreaker = options.countsForBreaker ?? true;
  }
}
