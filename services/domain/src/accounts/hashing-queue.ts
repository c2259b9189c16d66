import { DomainError } from '../core/errors.ts';

/** Lets only so much work run at a time; the rest waits its turn, within limits. */
export interface HashingQueue {
  /** @throws DomainError `too_many_requests` when too many wait already, or the turn does not come in time */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

const busy = () =>
  new DomainError('too_many_requests', 'Too many people are signing in at this moment', { retryAfterSeconds: 2 });

/**
 * Creates a queue. Hashing a password keeps a core busy for some ten milliseconds; the queue keeps a storm of sign-ins
 * from taking all of them from everybody else.
 */
export function createHashingQueue(options: {
  readonly concurrency: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}): HashingQueue {
  const { concurrency, maxWaiting, maxWaitMs } = options;
  const waiting = new Set<() => void>();
  let running = 0;

  function turn(): Promise<void> {
    if (running < concurrency) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.size >= maxWaiting) {
      return Promise.reject(busy());
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      waiting.delete(begin);
      reject(busy());
    }, maxWaitMs);
    waiting.add(begin);
    return promise;
  }

  /** Hands the turn to whoever waits longest. */
  function leave(): void {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async run(work) {
      await turn();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
