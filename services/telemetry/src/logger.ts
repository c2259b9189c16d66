import { type DestinationStream, pino } from 'pino';
import { currentContext } from './context.ts';
import { errorFields } from './error-fields.ts';
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
  const { trace, ...ids } = context;
  return { ...ids, traceId: trace.traceId };
}

/**
 * Standard output in pieces of 4 KiB, at least five times a second and when the process exits: a write of its own for
 * every line cost a small request 5% of its CPU. Only a kill -9 loses what waits.
 */
function standardOutput(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, minLength: 4_096, periodicFlush: 200 });
  process.once('exit', () => destination.flushSync());
  return destination;
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
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      // pino's own redaction by path cost ten times as much as writing the line
      formatters: { level: (label) => ({ level: label }), log: redactSecrets },
      serializers: { err: errorFields },
      mixin: contextFields,
    },
    destination ?? standardOutput(),
  );
}
