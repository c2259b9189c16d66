/** Contestants of `jobs-pipeline`: drains a queue whenever told to, and tells how long that took. */
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { drainBeeQueue } from '../jobs/queues/bee-queue.ts';
import { drainBullMq } from '../jobs/queues/bullmq.ts';
import { drainGraphileWorker } from '../jobs/queues/graphile-worker.ts';
import type { DrainQueue } from '../jobs/queues/job-queue.ts';
import { drainPgBoss } from '../jobs/queues/pg-boss.ts';
import { drainTaskflow } from '../jobs/queues/taskflow.ts';

const queues: Readonly<Record<string, DrainQueue>> = {
  'bee-queue': drainBeeQueue,
  bullmq: drainBullMq,
  'graphile-worker': drainGraphileWorker(false),
  'graphile-worker batched': drainGraphileWorker(true),
  'pg-boss': drainPgBoss,
  taskflow: drainTaskflow,
};

const env = z.object({ QUEUE: z.string(), DATABASE_URL: z.string(), REDIS_URL: z.string() }).parse(process.env);
const drain = queues[env.QUEUE];
if (drain === undefined) {
  throw new Error(`there is no queue ${env.QUEUE}`);
}
const servers = { databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL };

async function measure(queue: DrainQueue, count: number): Promise<{ ms: number; cpuMs: number }> {
  const runs = new Uint8Array(count);
  let begin = { ms: NaN, cpu: process.cpuUsage() };
  let used = { ms: NaN, cpuMs: NaN };
  await queue(servers, count, {
    onRun(n) {
      runs[n] = (runs[n] ?? 0) + 1;
    },
    onAccepted() {
      begin = { ms: performance.now(), cpu: process.cpuUsage() };
    },
    onRecorded() {
      const { user, system } = process.cpuUsage(begin.cpu);
      used = { ms: performance.now() - begin.ms, cpuMs: (user + system) / 1_000 };
    },
  });
  const wrong = runs.filter((times) => times !== 1).length;
  if (wrong > 0) {
    throw new Error(`${env.QUEUE} ran ${wrong} of ${count} jobs not exactly once`);
  }
  return used;
}

const message = z.object({ count: z.int() });
process.on('message', (received) => {
  const asked = message.safeParse(received);
  if (asked.success) {
    void measure(drain, asked.data.count).then((result) => process.send?.(result));
  }
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
