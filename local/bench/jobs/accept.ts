import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createRedis } from '@taskflow/redis';
import pg from 'pg';
import { createTaskBody } from '../harness/bodies.ts';
import { capture, projectAccess } from '../harness/captured.ts';
import type { BenchContext, Benchmark } from '../harness/context.ts';
import type { Program } from '../harness/program.ts';
import { alternate, compare, median } from '../harness/rounds.ts';
import type { World } from '../harness/seed.ts';
import { type DatabaseWork, observeDatabase } from '../harness/servers.ts';
import { placeholders, type Statement } from '../harness/statement.ts';

const transactions = 300;
const requests = 100;

/** What the row of a job costs the transaction that it rides in, and that nothing but PostgreSQL is asked for it. */
export const jobsAccept: Benchmark = {
  about: 'a task created with the job that tells of it; against the same statement without the job',
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const { admin, databaseUrl, redisUrl } = await context.servers();
    const access = projectAccess(world);
    const body = { ...createTaskBody, assigneeIds: world.userIds.slice(1, 2), labelIds: world.labelIds.slice(0, 2) };
    const withJob = await capture((tasks) =>
      tasks.create(access, body, {
        userId: access.caller.userId,
        method: 'POST',
        path: '/api/v1/projects/x/tasks',
        key: placeholders.key,
        bodyHash: Buffer.from(placeholders.bodyHash),
      }),
    );
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const work = new Map<string, DatabaseWork>();
    const measure = (name: string, statement: Statement) => async (): Promise<number> => {
      let ms = 0;
      const used = await observeDatabase(admin, async () => {
        const startedMs = performance.now();
        for (let sent = 0; sent < transactions; sent += 1) {
          await client.query(withOwnValues(name, statement));
        }
        ms = performance.now() - startedMs;
      });
      work.set(name, used);
      return ms;
    };
    const jobsBefore = await countJobs(admin);
    const results = await alternate({
      without: measure('without', withoutJob(withJob)),
      with: measure('with', withJob),
    });
    await client.end();
    const accepted = (await countJobs(admin)) - jobsBefore;
    if (accepted !== transactions * 8) {
      report.fail(`${accepted} jobs were accepted for ${transactions * 8} tasks`);
    }
    report.ratio('time of the transaction', compare(results.get('with'), results.get('without')), { atMost: 1.1 });
    report.figure('a transaction with its job', median(results.get('with') ?? []) / transactions, 'ms');
    const [ours, bare] = [work.get('with'), work.get('without')];
    if (ours !== undefined && bare !== undefined) {
      report.figure('time in PostgreSQL', ours.executionMs / bare.executionMs, 'x');
      report.figure('buffers', ours.buffers / bare.buffers, 'x');
      report.figure('WAL', ours.walBytes / bare.walBytes, 'x');
    }
    const api = await context.api();
    const commands = await commandsForQueues(redisUrl, () => createTasks(api, world));
    await api.stop();
    report.figure('commands for queues while tasks are created', commands, 'commands');
    if (commands > 0) {
      report.fail(`Redis was asked ${commands} times for queues in ${requests} requests`);
    }
  },
};

/** The same statement; it works out what the job would be and inserts nothing. */
function withoutJob({ text, values }: Statement): Statement {
  const shortened = text.replace(/insert into jobs \([^)]*\)/, '');
  if (shortened === text) {
    throw new Error('the statement accepts no job');
  }
  return { text: shortened, values };
}

function withOwnValues(name: string, { text, values }: Statement): pg.QueryConfig {
  const own = new Map<unknown, unknown>([
    [placeholders.id, randomUUID()],
    [placeholders.key, randomUUID()],
  ]);
  const bodyHash = createHash('sha256').update(randomUUID()).digest();
  const ownOf = (value: unknown): unknown => (own.has(value) ? own.get(value) : value);
  return {
    name,
    text,
    values: values.map((value) => (Buffer.isBuffer(value) ? bodyHash : ownOf(value))),
  };
}

async function countJobs(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ count: number }>('select count(*)::int as count from jobs');
  return rows[0]?.count ?? 0;
}

async function createTasks(api: Program, world: World): Promise<void> {
  for (let sent = 0; sent < requests; sent += 1) {
    const response = await fetch(`${api.url}/api/v1/projects/${world.projectIds[0] ?? ''}/tasks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: world.cookies[0] ?? '',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(createTaskBody),
    });
    await response.arrayBuffer();
    if (response.status !== 201) {
      throw new Error(`a task was answered with ${response.status}`);
    }
  }
}

/** How many commands that name a queue of jobs Redis got while `work` ran. */
async function commandsForQueues(redisUrl: string, work: () => Promise<void>): Promise<number> {
  const redis = createRedis({ url: redisUrl, name: 'bench-monitor', onError: () => undefined });
  const monitor = await redis.monitor();
  let commands = 0;
  monitor.on('monitor', (_time: string, args: string[]) => {
    commands += args.some((argument) => argument.startsWith('taskflow:jobs')) ? 1 : 0;
  });
  await work();
  // what Redis got it has also told by now
  await delay(200);
  monitor.disconnect();
  redis.disconnect();
  return commands;
}
