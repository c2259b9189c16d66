import pg from 'pg';
import { z } from 'zod';
import type { BenchContext, Benchmark } from '../harness/context.ts';
import { openBenchDatabase } from '../harness/databases.ts';
import { type Program, startBaseline } from '../harness/program.ts';
import { alternate, compare, median } from '../harness/rounds.ts';
import type { Servers } from '../harness/servers.ts';

const jobs = 10_000;
const waiting = 1_000_000;
const rounds = 8;
const mebibyte = 1_048_576;

const answer = z.object({ ms: z.number(), cpuMs: z.number(), mostRssBytes: z.number(), ran: z.number() });

/** Jobs that wait, inserted at once: a month of mail, or an outage. */
const insertWaiting = `
  insert into jobs (id, type, priority, payload, state)
  select gen_random_uuid(), 'bench.noop', 'critical', jsonb_build_object('n', n), 'pending'
  from generate_series(0, $1::int - 1) n`;

/** What must not make a queue slow: much that waits, and somebody who holds on to an old snapshot. */
export const jobsBacklog: Benchmark = {
  about: `${jobs} jobs out of ${waiting} that wait, or while a snapshot is held; against ${jobs} alone; jobs a second`,
  async run(context: BenchContext) {
    const { report } = context;
    const servers = await context.servers();
    const queues = {
      calm: await openQueue(servers, 'jobs_calm'),
      backlog: await openQueue(servers, 'jobs_backlog'),
      held: await openQueue(servers, 'jobs_held'),
    };
    const holder = new pg.Client({ connectionString: queues.held.adminUrl });
    const cpu = new Map<string, number[]>();
    const rss = new Map<string, number>();
    const ranInAll = new Map<string, number>();
    try {
      const startedMs = performance.now();
      await queues.backlog.admin.query(insertWaiting, [waiting]);
      await queues.backlog.admin.query('vacuum analyze jobs');
      report.note(`${waiting} rows in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
      await holder.connect();
      await holder.query('begin isolation level repeatable read');
      await holder.query('select from jobs limit 1');
      const heldSinceMs = performance.now();
      const measure = (name: keyof typeof queues) => async (): Promise<number> => {
        const { admin, program } = queues[name];
        await admin.query(insertWaiting, [jobs]);
        const { ms, cpuMs, mostRssBytes, ran } = answer.parse(await program.ask({ count: jobs }));
        ranInAll.set(name, (ranInAll.get(name) ?? 0) + ran);
        await assertExact(admin, ranInAll.get(name) ?? 0);
        cpu.set(name, [...(cpu.get(name) ?? []), cpuMs]);
        rss.set(name, Math.max(rss.get(name) ?? 0, mostRssBytes));
        return (jobs * 1_000) / ms;
      };
      const results = await alternate(
        { calm: measure('calm'), backlog: measure('backlog'), held: measure('held') },
        rounds,
      );
      report.ratio(`jobs/s with ${waiting} waiting`, compare(results.get('backlog'), results.get('calm')), {
        atLeast: 0.8,
      });
      report.ratio('jobs/s with a snapshot held', compare(results.get('held'), results.get('calm')), { atLeast: 0.8 });
      report.figure('held for', (performance.now() - heldSinceMs) / 60_000, 'min');
      for (const [name, values] of results) {
        report.figure(`jobs/s, ${name}`, median(values), '/s');
        report.figure(`CPU of the process, ${name}`, (median(cpu.get(name) ?? []) * 1_000) / jobs, 'us/job');
      }
      report.figure('memory while draining', Math.max(...rss.values()) / mebibyte, 'MiB', { atMost: 200 });
    } finally {
      await holder.end();
      for (const { admin, program } of Object.values(queues)) {
        await program.stop();
        await admin.end();
      }
    }
  },
};

interface QueueUnderTest {
  readonly admin: pg.Client;
  readonly adminUrl: string;
  readonly program: Program;
}

/** Every job that ran has succeeded, once, and none is left half-way. */
async function assertExact(admin: pg.Client, ran: number): Promise<void> {
  const { rows } = await admin.query<{ ended: number; underWay: number }>(`
    select (select count(*)::int from jobs where finished_at is not null) as ended,
      (select count(*)::int from jobs where state in ('queued', 'running')) as "underWay"`);
  const [row] = rows;
  if (row?.ended !== ran || row.underWay !== 0) {
    throw new Error(`${ran} jobs ran, ${row?.ended} ended and ${row?.underWay} are under way`);
  }
}

async function openQueue(servers: Servers, name: string): Promise<QueueUnderTest> {
  const { adminUrl, url } = await openBenchDatabase(servers, name, { isMigrated: true });
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  return {
    admin,
    adminUrl,
    program: await startBaseline('jobs-worker', {
      DATABASE_URL: url,
      REDIS_URL: servers.redisUrl,
      // as npm start runs the worker
      NODE_OPTIONS: '--max-semi-space-size=8',
    }),
  };
}
