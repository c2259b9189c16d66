/** A worker of `jobs-backlog`: when told to, starts an engine, stops it after so many jobs, and tells what they took. */
import { performance } from 'node:perf_hooks';
import { handleJob } from '@taskflow/jobs';
import { z } from 'zod';
import { noop, openEngine } from '../jobs/queues/taskflow.ts';

const env = z.object({ DATABASE_URL: z.string(), REDIS_URL: z.string() }).parse(process.env);

interface Drained {
  readonly ms: number;
  readonly cpuMs: number;
  readonly mostRssBytes: number;
  /** Jobs that ran, among them some that were under way when the engine was told to stop. */
  readonly ran: number;
}

async function drain(count: number): Promise<Drained> {
  const { promise: done, resolve } = Promise.withResolvers<{ ms: number; cpuMs: number }>();
  const ran = new Set<string>();
  let ended = 0;
  let mostRssBytes = 0;
  const startedMs = performance.now();
  const startCpu = process.cpuUsage();
  const watching = setInterval(() => {
    mostRssBytes = Math.max(mostRssBytes, process.memoryUsage.rss());
  }, 50);
  const handler = handleJob(noop, (_, { id }) => {
    if (ran.has(id)) {
      throw new Error(`job ${id} ran twice`);
    }
    ran.add(id);
    return Promise.resolve(undefined);
  });
  const { stop } = await openEngine({ databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL }, [handler], (event) => {
    if (event.kind === 'ended' && event.outcome === 'succeeded') {
      ended += 1;
      if (ended === count) {
        const { user, system } = process.cpuUsage(startCpu);
        resolve({ ms: performance.now() - startedMs, cpuMs: (user + system) / 1_000 });
      }
    }
  });
  const used = await done;
  clearInterval(watching);
  await stop();
  return { ...used, mostRssBytes, ran: ran.size };
}

const message = z.object({ count: z.int() });
process.on('message', (received) => {
  const asked = message.safeParse(received);
  if (asked.success) {
    void drain(asked.data.count).then((result) => process.send?.(result));
  }
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
