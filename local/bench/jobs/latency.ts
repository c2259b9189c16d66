import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { BenchContext, Benchmark } from '../harness/context.ts';
import { openBenchDatabase } from '../harness/databases.ts';
import { type Program, startBaseline } from '../harness/program.ts';
import { alternate, compare, median, percentile } from '../harness/rounds.ts';

const jobs = 1_000;
const drained = 4_000;

const times = z.array(z.tuple([z.int(), z.number()]));
const commits = z.object({ commits: times });
const starts = z.object({ starts: times });
const drain = z.object({ ms: z.number() });

interface Pair {
  readonly worker: Program;
  readonly producer: Program;
}

/** From the answer to COMMIT until the handler starts, while jobs come one by one from another process. */
export const jobsLatency: Benchmark = {
  about: 'commit to handler start, at half of what graphile-worker can do; against its LISTEN/NOTIFY',
  async run(context: BenchContext) {
    const { report } = context;
    const { redisUrl, ...servers } = await context.servers();
    const pairs = new Map<string, Pair>();
    const p99s = new Map<string, number[]>();
    try {
      const database = await openBenchDatabase({ redisUrl, ...servers }, 'latency_graphile', { isMigrated: false });
      const perSecond = (await throughput({ DATABASE_URL: database.url, REDIS_URL: redisUrl })) / 2;
      const own = await openBenchDatabase({ redisUrl, ...servers }, 'latency_taskflow', { isMigrated: true });
      for (const [name, url] of [
        ['graphile-worker', database.url],
        ['taskflow', own.url],
      ] as const) {
        const env = { QUEUE: name, DATABASE_URL: url, REDIS_URL: redisUrl };
        pairs.set(name, {
          worker: await startBaseline('jobs-latency', env),
          producer: await startBaseline('jobs-producer', env),
        });
      }
      const results = await alternate(
        Object.fromEntries(
          [...pairs].map(([name, pair]) => [
            name,
            async () => {
              const waits = await waitsOf(pair, perSecond);
              p99s.set(name, [...(p99s.get(name) ?? []), percentile(waits, 0.99)]);
              return median(waits);
            },
          ]),
        ),
      );
      report.figure('jobs offered', perSecond, '/s');
      report.ratio('p50 vs graphile-worker', compare(results.get('taskflow'), results.get('graphile-worker')), {
        atMost: 1.5,
      });
      // the first round warms up
      const [ours, theirs] = ['taskflow', 'graphile-worker'].map((name) => p99s.get(name)?.slice(1));
      report.ratio('p99 vs graphile-worker', compare(ours, theirs), { atMost: 3 });
      for (const name of pairs.keys()) {
        report.figure(`p50 of ${name}`, median(results.get(name) ?? []), 'ms');
        report.figure(`p99 of ${name}`, median(p99s.get(name)?.slice(1) ?? []), 'ms');
      }
    } finally {
      await Promise.all([...pairs.values()].flatMap(({ worker, producer }) => [worker.stop(), producer.stop()]));
    }
  },
};

/** What graphile-worker does in a second, on this machine, now. */
async function throughput(env: Readonly<Record<string, string>>): Promise<number> {
  const program = await startBaseline('jobs-pipeline', { ...env, QUEUE: 'graphile-worker' });
  try {
    const { ms } = drain.parse(await program.ask({ count: drained }));
    return (drained * 1_000) / ms;
  } finally {
    await program.stop();
  }
}

/** @throws when a job did not start exactly once */
async function waitsOf({ worker, producer }: Pair, perSecond: number): Promise<number[]> {
  const committed = commits.parse(await producer.ask({ count: jobs, perSecond })).commits;
  const started = new Map<number, number>();
  while (started.size < jobs) {
    for (const [n, atMs] of starts.parse(await worker.ask({ take: 'starts' })).starts) {
      if (started.has(n)) {
        throw new Error(`job ${n} ran twice`);
      }
      started.set(n, atMs);
    }
    await delay(20);
  }
  return committed.map(([n, atMs]) => (started.get(n) ?? NaN) - atMs);
}
