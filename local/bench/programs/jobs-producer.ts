/** Accepts jobs for `jobs-latency`, each in a transaction of its own, at a steady pace; notes when each was committed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { acceptJobs, createJobNotifier, newJob } from '@taskflow/jobs';
import pg from 'pg';
import { z } from 'zod';
import { nowMs } from '../jobs/queues/now-ms.ts';
import { noop, openDatabase } from '../jobs/queues/taskflow.ts';

const env = z.object({ QUEUE: z.string(), DATABASE_URL: z.string() }).parse(process.env);

function createAccept(): (n: number) => Promise<unknown> {
  if (env.QUEUE === 'taskflow') {
    const database = openDatabase(env.DATABASE_URL);
    return (n) => acceptJobs(database, [newJob(randomUUID(), noop, { n })]);
  }
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 6 });
  return (n) =>
    pool.query({
      name: 'add',
      text: `select graphile_worker.add_job('noop', json_build_object('n', $1::int))`,
      values: [n],
    });
}

/** graphile-worker notifies by itself. */
function createNotify(): () => void {
  if (env.QUEUE !== 'taskflow') {
    return () => undefined;
  }
  const notifier = createJobNotifier({
    executor: openDatabase(env.DATABASE_URL),
    onError: (error) => console.error(error),
  });
  return () => notifier.notify();
}

const accept = createAccept();
const notify = createNotify();

async function produce(count: number, perSecond: number): Promise<[number, number][]> {
  const commits: [number, number][] = [];
  const underWay: Promise<void>[] = [];
  const startedMs = nowMs();
  const one = async (n: number): Promise<void> => {
    await accept(n);
    commits.push([n, nowMs()]);
    notify();
  };
  for (let n = 0; n < count; ) {
    const due = Math.min(count, Math.ceil(((nowMs() - startedMs) * perSecond) / 1_000));
    for (; n < due; n += 1) {
      underWay.push(one(n));
    }
    await delay(1);
  }
  await Promise.all(underWay);
  return commits;
}

const message = z.object({ count: z.int(), perSecond: z.number() });
process.on('message', (received) => {
  const asked = message.safeParse(received);
  if (asked.success) {
    void produce(asked.data.count, asked.data.perSecond).then((commits) => process.send?.({ commits }));
  }
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
