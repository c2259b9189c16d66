import { PgBoss } from 'pg-boss';
import { concurrency, type DrainQueue } from './job-queue.ts';

/**
 * pg-boss at its best with 20 jobs at a time: it fetches 20, runs them side by side, completes them together, and goes
 * on without a pause. With a worker for each job it fetches twice a second and ends 40 jobs a second.
 */
export const drainPgBoss: DrainQueue = async ({ databaseUrl }, count, { onRun, onAccepted, onRecorded }) => {
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  const name = 'bench';
  if ((await boss.getQueue(name)) === null) {
    await boss.createQueue(name);
  }
  await boss.insert(
    name,
    Array.from({ length: count }, (_, n) => ({ data: { n } })),
  );
  const { promise: handled, resolve: onHandled } = Promise.withResolvers<void>();
  let left = count;
  onAccepted();
  await boss.work<{ n: number }>(
    name,
    { batchSize: concurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
    (jobs) => {
      for (const { data } of jobs) {
        onRun(data.n);
      }
      left -= jobs.length;
      if (left === 0) {
        onHandled();
      }
      return Promise.resolve();
    },
  );
  await handled;
  // stops when the last batch is recorded
  await boss.offWork(name, { wait: true });
  onRecorded();
  await boss.deleteAllJobs(name);
  await boss.stop({ graceful: false });
};
