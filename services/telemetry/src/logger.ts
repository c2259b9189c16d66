import { type DestinationStream, pino } from 'pino';
import { currentContext } from './context.ts';
import { errorFields } from './error-fields.ts';
import { createLogOutput } from './log-output.ts';
import { redactSecrets } from './redact-secrets.ts';

/** The levels a line can have. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Writes one line: fields, then a constant message. */
type LogLine = (fields: object, message: string) => void;

/** Writes JSON lines. Lines written inside a request or job carry its ids. */
export interface Logger {
  readonly trace: LogLine;
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  readonly fatal: LogLine;
  /** A logger whose lines also carry these fields. */
  child(fields: object): Logger;
}

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** The process: `api`, `migrate`. */
  readonly service: string;
  readonly level: LogLevel;
  /** @default standard output */
  readonly destination?: DestinationStream;
}

/** The ids of the running request or job; empty outside of one. */
function contextFields(): object {
  const context = currentContext();
  if (context === undefined) {
    return {};
  }
  const { requestId, route, userId, workspaceId, trace } = context;
  return { requestId, route, userId, workspaceId, traceId: trace.traceId };
}

/** Times as they are written. Lines of the same second share all but their milliseconds. */
function createTimestamp(): () => string {
  let second = NaN;
  let start = '';
  return () => {
    const now = Date.now();
    const nowSecond = Math.floor(now / 1_000);
    if (nowSecond !== second) {
      second = nowSecond;
      start = `,"time":"${new Date(now).toISOString().slice(0, -4)}`;
    }
    return `${start}${String(now % 1_000).padStart(3, '0')}Z"`;
  };
}

/**
 * Creates a logger of JSON lines with an ISO time, a level word, `service` and, inside a request or
 * job, its ids. Passwords, tokens and cookies are blanked wherever they stand.
 */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      messageKey: 'message',
      timestamp: createTimestamp(),
      // pino's own redaction by path cost ten times as much as writing the line
      formatters: { level: (label) => ({ level: label }), log: redactSecrets },
      serializers: { err: errorFields },
      mixin: contextFields,
    },
    destination ?? createLogOutput(),
  );
}
