/** Workers of `jobs-latency`: note when the handler of each job starts. */
import { handleJob } from '@taskflow/jobs';
import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import { concurrency } from '../jobs/queues/job-queue.ts';
import { nowMs } from '../jobs/queues/now-ms.ts';
import { noop, openEngine } from '../jobs/queues/taskflow.ts';

const env = z.object({ QUEUE: z.string(), DATABASE_URL: z.string(), REDIS_URL: z.string() }).parse(process.env);
const payload = z.object({ n: z.int() });

let starts: [number, number][] = [];
const onStart = (n: number): void => void starts.push([n, nowMs()]);

if (env.QUEUE === 'taskflow') {
  const handler = handleJob(noop, ({ n }) => {
    onStart(n);
    return Promise.resolve(undefined);
  });
  await openEngine({ databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL }, [handler], () => undefined);
} else {
  const pgPool = new pg.Pool({ connectionString: env.DATABASE_URL, max: concurrency + 2 });
  pgPool.on('error', () => undefined);
  pgPool.on('connect', (client) => client.on('error', () => undefined));
  await run({
    pgPool,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
    taskList: { noop: (data) => onStart(payload.parse(data).n) },
    preset: { worker: { concurrentJobs: concurrency } },
  });
}

process.on('message', (received) => {
  if (z.object({ take: z.literal('starts') }).safeParse(received).success) {
    process.send?.({ starts });
    starts = [];
  }
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
