import { z } from 'zod';
import type { BenchContext, Benchmark } from '../harness/context.ts';
import { openBenchDatabase } from '../harness/databases.ts';
import { type Program, startBaseline } from '../harness/program.ts';
import { alternate, compare, median } from '../harness/rounds.ts';

const jobs = 10_000;

/** What is measured against, and how fast we are to be beside it. */
const baselines = [
  { name: 'bee-queue', atLeast: 0.7 },
  { name: 'bullmq', atLeast: 1.2 },
  { name: 'graphile-worker', atLeast: 2.5 },
  { name: 'graphile-worker batched', atLeast: 0.5 },
  { name: 'pg-boss', atLeast: 3 },
] as const;

const answer = z.object({ ms: z.number(), cpuMs: z.number() });

/** From jobs that are accepted to jobs whose end is recorded, with nothing in between. */
export const jobsPipeline: Benchmark = {
  about: `${jobs} no-op jobs from committed accept to recorded completion, 20 at a time, one process; jobs a second`,
  async run(context: BenchContext) {
    const { report } = context;
    const names = ['taskflow', ...baselines.map(({ name }) => name)];
    const programs = new Map<string, Program>();
    const cpu = new Map<string, number[]>();
    try {
      for (const name of names) {
        programs.set(name, await startQueue(context, name));
      }
      const results = await alternate(
        Object.fromEntries(
          [...programs].map(([name, program]) => [
            name,
            async () => {
              const { ms, cpuMs } = answer.parse(await program.ask({ count: jobs }));
              cpu.set(name, [...(cpu.get(name) ?? []), cpuMs]);
              return (jobs * 1_000) / ms;
            },
          ]),
        ),
      );
      for (const { name, atLeast } of baselines) {
        report.ratio(`jobs/s vs ${name}`, compare(results.get('taskflow'), results.get(name)), { atLeast });
      }
      for (const name of names) {
        report.figure(`jobs/s of ${name}`, median(results.get(name) ?? []), '/s');
        report.figure(`CPU of ${name}, its process alone`, (median(cpu.get(name) ?? []) * 1_000) / jobs, 'us/job');
      }
    } finally {
      await Promise.all([...programs.values()].map((program) => program.stop()));
    }
  },
};

async function startQueue(context: BenchContext, name: string): Promise<Program> {
  const servers = await context.servers();
  const database = await openBenchDatabase(servers, `jobs_${name.replaceAll(/\W/g, '_')}`, {
    isMigrated: name === 'taskflow',
  });
  return startBaseline('jobs-pipeline', { QUEUE: name, DATABASE_URL: database.url, REDIS_URL: servers.redisUrl });
}
