import { parseArgs } from 'node:util';

/** What a person can ask `npm start` for. */
export interface StartOptions {
  readonly help: boolean;
  /** Hot reload of api and web. */
  readonly dev: boolean;
  /** Throw away all data first. */
  readonly fresh: boolean;
  /** Demo data: yes, no, or (undefined) only on the first run. */
  readonly demo: boolean | undefined;
  /** Port of the web app; undefined: 3000, or a free one when that is taken; 0: any, for every program. */
  readonly port: number | undefined;
  /** Address of the web app; undefined: this machine only. */
  readonly host: string | undefined;
}

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** What `npm start -- --help` prints. */
export const HELP = `Runs the whole of TaskFlow on this machine: PostgreSQL, Redis, API and web app. Needs nothing but Node.

  npm start                   start; Ctrl-C stops everything cleanly, the data stays
  npm start -- --port 8080    another port for the web app (default 3000; 0: any free ports)
  npm start -- --host ADDR    let other machines in (0.0.0.0: all); PUBLIC_URL says where they find it
  npm start -- --fresh        throw away all data and start empty
  npm start -- --demo         make the demo workspace (the first run does, unless --no-demo)
  npm run dev                 the same with hot reload
  npm run flow -- --help      look after a running TaskFlow: status, logs, restart, reload

Environment:
  TASKFLOW_DATA_DIR    where the data lives (default .taskflow)
  TASKFLOW_CACHE_DIR   where downloads are kept between checkouts (default ~/.cache/taskflow)
  REDIS_URL            a Redis to use instead of starting one
  SMTP_URL, MAIL_FROM  the mail server to use, and the sender of mails; without, mails are kept and not sent
  COOLDOWN_PERIOD      seconds that an open circuit breaker waits before it tries again (default 60)
  WEBHOOK_ALLOWED_CIDRS  private addresses that webhooks may call (default: this machine, unless --host lets others in)
  PUBLIC_URL           where people reach it, when that is not http://localhost:PORT
`;

/**
 * Parses the arguments of `npm start`.
 *
 * @throws UsageError
 */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parseValues(args);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port ?? ''}".`);
  }
  return {
    help: values.help === true,
    dev: values.dev === true,
    fresh: values.fresh === true,
    demo: values.demo,
    port,
    host: values.host,
  };
}

function parseValues(args: readonly string[]): {
  help?: boolean | undefined;
  dev?: boolean | undefined;
  fresh?: boolean | undefined;
  demo?: boolean | undefined;
  port?: string | undefined;
  host?: string | undefined;
} {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        dev: { type: 'boolean' },
        fresh: { type: 'boolean' },
        demo: { type: 'boolean' },
        port: { type: 'string' },
        host: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
