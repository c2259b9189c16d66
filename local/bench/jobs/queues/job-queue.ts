/** Where a queue keeps its jobs; the database is its own. */
export interface QueueServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** What a measurement gives to a queue. */
export interface QueueRun {
  /** The handler of job number `n`, which does nothing else. */
  readonly onRun: (n: number) => void;
  /** The jobs are accepted: the watch runs. */
  readonly onAccepted: () => void;
  /** The end of all of them is recorded: the watch stops. */
  readonly onRecorded: () => void;
}

/** Accepts that many jobs at once and resolves when all have run and that is recorded. Leaves nothing running. */
export type DrainQueue = (servers: QueueServers, count: number, run: QueueRun) => Promise<void>;

/** Handlers at the same time, for all alike. */
export const concurrency = 20;

/** Resolves with the call that makes `count` complete. */
export function countdown(count: number): { readonly done: Promise<void>; readonly one: () => void } {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let left = count;
  return {
    done,
    one() {
      left -= 1;
      if (left === 0) {
        resolve();
      }
    },
  };
}

/** Redis as plain options. */
export function redisOptions(url: string): { readonly host: string; readonly port: number; readonly password: string } {
  const { hostname, port, password } = new URL(url);
  return { host: hostname, port: Number(port), password: decodeURIComponent(password) };
}
