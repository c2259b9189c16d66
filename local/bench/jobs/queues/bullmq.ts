import { Queue, Worker } from 'bullmq';
import { concurrency, countdown, type DrainQueue, redisOptions } from './job-queue.ts';

const chunk = 1_000;

/** BullMQ: jobs are in Redis. */
export const drainBullMq: DrainQueue = async ({ redisUrl }, count, { onRun, onAccepted, onRecorded }) => {
  const connection = { ...redisOptions(redisUrl), maxRetriesPerRequest: null };
  const options = { connection, prefix: 'bench-bull' };
  const queue = new Queue<{ n: number }>('bench', {
    ...options,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  const { done, one } = countdown(count);
  const worker = new Worker<{ n: number }>(
    'bench',
    (job) => {
      onRun(job.data.n);
      return Promise.resolve();
    },
    { ...options, autorun: false, concurrency, removeOnComplete: { count: 0 } },
  );
  await worker.waitUntilReady();
  for (let from = 0; from < count; from += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, count - from) }, (_, index) => from + index);
    await queue.addBulk(numbers.map((n) => ({ name: 'noop', data: { n } })));
  }
  worker.on('completed', one);
  onAccepted();
  const running = worker.run();
  await done;
  onRecorded();
  await worker.close();
  await running;
  await queue.obliterate({ force: true });
  await queue.close();
};
