import Queue from 'bee-queue';
import { concurrency, countdown, type DrainQueue, redisOptions } from './job-queue.ts';

/** bee-queue alone: jobs are in Redis and nowhere else, and gone when they have run. */
export const drainBeeQueue: DrainQueue = async ({ redisUrl }, count, { onRun, onAccepted, onRecorded }) => {
  const queue = new Queue<{ n: number }>('bench', {
    redis: redisOptions(redisUrl),
    prefix: 'bench-bq',
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    removeOnSuccess: true,
    removeOnFailure: true,
  });
  await queue.ready();
  const errors = await queue.saveAll(Array.from({ length: count }, (_, n) => queue.createJob({ n })));
  for (const error of errors.values()) {
    throw error;
  }
  const { done, one } = countdown(count);
  // emitted when Redis has taken the end of the job
  queue.on('succeeded', one);
  onAccepted();
  queue.process(concurrency, (job) => {
    onRun(job.data.n);
    return Promise.resolve();
  });
  await done;
  onRecorded();
  await queue.close();
};
