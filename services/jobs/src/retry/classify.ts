import { DatabaseUnavailableError, isDatabaseUnavailable, isTransactionConflict } from '@taskflow/db';
import { TimeoutError } from '@taskflow/resilience';
import { JobFailure } from '../job-failure.ts';
import { SupersededError } from '../job-handler.ts';
import { PayloadInvalidError } from '../payload-invalid-error.ts';

/** What an error means for the job, whoever threw it. */
export interface Failure {
  /** One of a bounded set: `HTTP_503`, `ECONNREFUSED`, `SMTP_4XX`, `TIMEOUT`, `PG_UNAVAILABLE`, ... `UNKNOWN`. */
  readonly code: string;
  /** For people; at most 1,000 characters. */
  readonly message: string;
  /** Whether another attempt may help. */
  readonly retryable: boolean;
  /** The other side asked to wait so long. */
  readonly retryAfterMs: number | undefined;
  /** Whether it says something about the other side. */
  readonly countsForBreaker: boolean;
}

type Verdict = Omit<Failure, 'message'>;

/** What is read from errors of all kinds of libraries. */
interface ErrorShape {
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly smtpStatus: number | undefined;
  readonly isPostgres: boolean;
}

const systemCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOMEM',
  'ENOSPC',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
]);

const timeoutCodes = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const longestMessage = 1_000;
const deepestCause = 4;
const codePattern = /^[A-Z][A-Z0-9_]{0,39}$/;
const sqlStatePattern = /^[0-9A-Z]{5}$/;

function numberIn(error: Error, names: readonly string[], least: number): number | undefined {
  for (const name of names) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 599) {
      return value;
    }
  }
  return undefined;
}

function shapeOf(error: Error): ErrorShape {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    code: typeof code === 'string' ? code : undefined,
    status: numberIn(error, ['status', 'statusCode'], 400),
    smtpStatus: numberIn(error, ['responseCode'], 400),
    isPostgres: 'severity' in error && typeof code === 'string' && sqlStatePattern.test(code),
  };
}

function verdict(code: string, options: Partial<Omit<Verdict, 'code'>> = {}): Verdict {
  return { code, retryable: true, retryAfterMs: undefined, countsForBreaker: true, ...options };
}

function httpVerdict(status: number): Verdict {
  const mayPass = status >= 500 || status === 408 || status === 425 || status === 429;
  return verdict(`HTTP_${status}`, { retryable: mayPass, countsForBreaker: mayPass });
}

/** Our own database says nothing about the other side, so no breaker counts it. */
function databaseVerdict(error: Error, code: string): Verdict {
  const own = { countsForBreaker: false };
  if (isDatabaseUnavailable(error)) {
    return verdict('PG_UNAVAILABLE', own);
  }
  if (isTransactionConflict(error)) {
    return verdict('PG_CONFLICT', own);
  }
  const sqlClass = code.slice(0, 2);
  return verdict(`PG_${sqlClass}`, { ...own, retryable: sqlClass !== '22' && sqlClass !== '23' });
}

function systemVerdict(code: string): Verdict | undefined {
  if (timeoutCodes.has(code)) {
    return verdict('TIMEOUT');
  }
  return systemCodes.has(code) ? verdict(code) : undefined;
}

function verdictOfOne(error: Error): Verdict | undefined {
  if (error instanceof JobFailure) {
    const { retryable, retryAfterMs, countsForBreaker } = error;
    return { code: codePattern.test(error.code) ? error.code : 'UNKNOWN', retryable, retryAfterMs, countsForBreaker };
  }
  if (error instanceof PayloadInvalidError) {
    return verdict('PAYLOAD_INVALID', { retryable: false, countsForBreaker: false });
  }
  if (error instanceof SupersededError) {
    return verdict('SUPERSEDED', { countsForBreaker: false });
  }
  if (error instanceof DatabaseUnavailableError) {
    return databaseVerdict(error, '');
  }
  if (error instanceof TimeoutError || error.name === 'TimeoutError') {
    return verdict('TIMEOUT');
  }
  const { code, status, smtpStatus, isPostgres } = shapeOf(error);
  if (isPostgres && code !== undefined) {
    return databaseVerdict(error, code);
  }
  if (smtpStatus !== undefined) {
    const isFinal = smtpStatus >= 500;
    return verdict(isFinal ? 'SMTP_5XX' : 'SMTP_4XX', { retryable: !isFinal, countsForBreaker: !isFinal });
  }
  if (status !== undefined) {
    return httpVerdict(status);
  }
  const known = code === undefined ? undefined : systemVerdict(code);
  if (known !== undefined) {
    return known;
  }
  return error.name === 'AbortError' ? verdict('ABORTED', { countsForBreaker: false }) : undefined;
}

/** The first error of a chain that says what it is: `fetch` hides the reason two causes deep. */
function verdictOf(error: unknown): Verdict {
  let current = error;
  for (let depth = 0; depth < deepestCause && current instanceof Error; depth += 1) {
    const found = verdictOfOne(current);
    if (found !== undefined) {
      return found;
    }
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    current = inner;
  }
  if (error instanceof Error && isDatabaseUnavailable(error)) {
    return verdict('PG_UNAVAILABLE', { countsForBreaker: false });
  }
  return verdict('UNKNOWN');
}

function messageOf(error: unknown): string {
  if (error instanceof Error) {
    const message: unknown = error.message;
    return typeof message === 'string' && message !== '' ? message : error.name;
  }
  try {
    return `threw ${typeof error === 'string' ? error : JSON.stringify(error)}`;
  } catch {
    return `threw a ${typeof error} that cannot be shown`;
  }
}

/** PostgreSQL cannot store NUL, and a password in an address is nobody's business. */
function presentable(message: string): string {
  return message
    .slice(0, longestMessage)
    .replaceAll('\u0000', '')
    .replaceAll(/:\/\/[^\s/@]+@/g, '://[redacted]@');
}

/** Says what an error means for the job. Never throws, whatever was thrown. */
export function classify(error: unknown): Failure {
  return { ...verdictOf(error), message: presentable(messageOf(error)) };
}
