import { Worker } from 'node:worker_threads';
import type { Options } from '@node-rs/argon2';
import type { HashingAnswer, HashingTask } from './messages.ts';

/** argon2 in a thread of its own, one computation after another. */
export interface HashingThread {
  hash(password: string, cost: Options): Promise<string>;
  /** @throws when `encoded` is no hash */
  verify(encoded: string, password: string): Promise<boolean>;
  /** Ends the thread. What it was asked and has not answered fails, and so does everything after. */
  close(): Promise<void>;
}

const startWorker = (): Worker => new Worker(new URL('./main.ts', import.meta.url), { name: 'hashing' });

type Outcome = PromiseWithResolvers<string | boolean>;

/**
 * A thread that starts when it is first needed and, on Linux, gives way to the other threads of the process and what
 * shares its session or container. It keeps no process alive when nothing is asked of it. When it dies, what it was
 * asked fails, and the next question starts another.
 *
 * @param start what starts it @default a worker of low priority
 */
export function createHashingThread(start: () => Worker = startWorker): HashingThread {
  const waiting = new Map<number, Outcome>();
  let worker: Worker | undefined;
  let lastId = 0;
  let closed = false;

  function settle(id: number, conclude: (outcome: Outcome) => void): void {
    const outcome = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) {
      worker?.unref();
    }
    if (outcome !== undefined) {
      conclude(outcome);
    }
  }

  function lose(lost: Worker, reason: unknown): void {
    if (worker !== lost) {
      return;
    }
    worker = undefined;
    const error = new Error('the thread that hashes passwords has ended', { cause: reason });
    for (const id of waiting.keys()) {
      settle(id, (outcome) => outcome.reject(error));
    }
  }

  function running(): Worker {
    if (worker !== undefined) {
      return worker;
    }
    const started = start();
    started.on('message', (answer: HashingAnswer) =>
      settle(answer.id, (outcome) =>
        'result' in answer ? outcome.resolve(answer.result) : outcome.reject(answer.error),
      ),
    );
    started.on('error', (error) => lose(started, error));
    started.on('exit', (code) => lose(started, `exit code ${code}`));
    worker = started;
    return started;
  }

  async function ask(task: HashingTask): Promise<string | boolean> {
    if (closed) {
      throw new Error('the thread that hashes passwords was closed');
    }
    const outcome: Outcome = Promise.withResolvers();
    const thread = running();
    waiting.set(task.id, outcome);
    thread.ref();
    thread.postMessage(task);
    return outcome.promise;
  }

  const newId = (): number => {
    lastId += 1;
    return lastId;
  };

  return {
    hash: async (password, cost) => String(await ask({ id: newId(), kind: 'hash', password, cost })),
    verify: async (encoded, password) => (await ask({ id: newId(), kind: 'verify', encoded, password })) === true,
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}
