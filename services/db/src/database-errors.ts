/** What the checks below read from PostgreSQL's, pg's, knex's and Node's errors. */
interface ErrorShape {
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly message: string;
  readonly name: string;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function shapeOf(error: unknown): ErrorShape | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  return {
    code: 'code' in error ? text(error.code) : undefined,
    constraint: 'constraint' in error ? text(error.constraint) : undefined,
    message: text(error.message) ?? '',
    name: error.name,
  };
}

function isViolation(error: unknown, code: string, constraint: string | undefined): boolean {
  const shape = shapeOf(error);
  return shape?.code === code && (constraint === undefined || shape.constraint === constraint);
}

/** The row exists already; with `constraint`, only when that unique constraint or index says so. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23505', constraint);
}

/** A reference points to nothing, or something still points here. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23503', constraint);
}

/** A CHECK constraint refused the row. */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23514', constraint);
}

/** The statement ran longer than `statement_timeout`, or was cancelled by an administrator. */
export function isStatementTimeout(error: unknown): boolean {
  return isViolation(error, '57014', undefined);
}

/** A lock was not granted within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return isViolation(error, '55P03', undefined);
}

/** Two transactions collided (deadlock or serialization); running the whole transaction again may succeed. */
export function isTransactionConflict(error: unknown): boolean {
  const code = shapeOf(error)?.code;
  return code === '40001' || code === '40P01';
}

/** Text that PostgreSQL cannot store: a NUL byte, broken UTF-8, or `\u0000` in JSON. */
export function isInvalidTextError(error: unknown): boolean {
  const code = shapeOf(error)?.code;
  return code === '22021' || code === '22P05';
}

const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOENT',
  '25P03', // idle in transaction for too long: the server closed the session
  '53300', // too many connections
  '57P01', // shut down by an administrator
  '57P02', // crashed
  '57P03', // starting up or shutting down
  '57P04', // the database was dropped
  '57P05', // the session was idle for too long
]);

/** pg reports a lost connection as a plain Error; these are the texts of pg 8 and of tarn. */
const unavailableMessages = [
  'Connection terminated',
  'Connection ended unexpectedly',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout expired',
  'Query read timeout',
  'Unable to acquire a connection', // of our own pool
  'aborted',
];

/**
 * What a pool throws when {@link isDatabaseUnavailable}. By its code alone an ECONNREFUSED of our own database looks
 * like one of any server that we call; `cause` is the original.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  /** Of the original: an SQLSTATE, a system error's, or none. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    super(cause instanceof Error && cause.message !== '' ? cause.message : 'PostgreSQL cannot be reached', { cause });
    this.code = shapeOf(cause)?.code;
  }
}

/** The error itself, or told apart as {@link DatabaseUnavailableError}. */
export function tellApart(error: unknown): unknown {
  return isDatabaseUnavailable(error) && !(error instanceof DatabaseUnavailableError)
    ? new DatabaseUnavailableError(error)
    : error;
}

/**
 * PostgreSQL cannot be reached, is starting, stopping or full, or no pooled connection came free in
 * time: nothing is wrong with the statement, and the same call may succeed a little later.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) {
    return true;
  }
  if (error instanceof AggregateError) {
    return error.errors.some((inner) => isDatabaseUnavailable(inner));
  }
  const shape = shapeOf(error);
  if (shape === undefined) {
    return false;
  }
  if (shape.code !== undefined) {
    return unavailableCodes.has(shape.code) || shape.code.startsWith('08');
  }
  return shape.name === 'TimeoutError' || unavailableMessages.some((message) => shape.message.startsWith(message));
}
