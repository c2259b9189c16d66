import { randomUUID } from 'node:crypto';
import { createTaskBody } from './harness/bodies.ts';
import { capture, projectAccess } from './harness/captured.ts';
import type { BenchContext, Benchmark } from './harness/context.ts';
import { type Load, put } from './harness/load.ts';
import { type Program, startBaseline } from './harness/program.ts';
import { alternate, compare } from './harness/rounds.ts';
import { observeDatabase } from './harness/servers.ts';
import { placeholders, toEnv } from './harness/statement.ts';

/** POST /projects/{id}/tasks with an Idempotency-Key: task, number, activity and kept answer in one statement. */
export const create: Benchmark = {
  about: 'POST a task with an Idempotency-Key; against a bare Koa route running the same statement',
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const { admin, databaseUrl } = await context.servers();
    const body = { ...createTaskBody, assigneeIds: world.userIds.slice(1, 2), labelIds: world.labelIds.slice(0, 2) };
    const access = projectAccess(world);
    const statement = await capture((tasks) =>
      tasks.create(access, body, {
        userId: access.caller.userId,
        method: 'POST',
        path: '/api/v1/projects/x/tasks',
        key: placeholders.key,
        bodyHash: Buffer.from(placeholders.bodyHash),
      }),
    );
    const [bare, api] = await Promise.all([
      startBaseline('create-statement', { DATABASE_URL: databaseUrl, ...toEnv(statement) }),
      context.api(),
    ]);
    const load: Load = {
      path: `/api/v1/projects/${access.project.id}/tasks`,
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: world.cookies[0] ?? '' },
      body: JSON.stringify(body),
      uniqueHeaders: () => ({ 'idempotency-key': randomUUID() }),
    };
    let cpu = { bare: 0, api: 0 };
    const results = await alternate({
      bare: async () => {
        const result = await put(bare, load);
        cpu = { ...cpu, bare: result.cpuMsPerRequest };
        return result.perSecond;
      },
      api: async () => {
        const result = await put(api, load);
        cpu = { ...cpu, api: result.cpuMsPerRequest };
        return result.perSecond;
      },
    });
    const requests = 200;
    const commitsBefore = await commits(admin);
    const work = await observeDatabase(admin, () => createSome(api, load, requests));
    const commitsAfter = await commits(admin);
    await Promise.all([bare.stop(), api.stop()]);

    report.ratio('requests/s vs bare Koa, same statement', compare(results.get('api'), results.get('bare')), {
      atLeast: 0.7,
    });
    report.figure('requests/s', results.get('api')?.at(-1) ?? 0, '/s');
    report.figure('CPU of the API', cpu.api, 'ms/request');
    report.figure('CPU of bare Koa', cpu.bare, 'ms/request');
    report.figure('statements (rights, then everything else)', work.statements / requests, '/request', {
      atMost: 2.05,
    });
    // a NOTIFY is a transaction of its own, at most one in 20 ms whatever the requests
    report.figure('transactions that wrote', (commitsAfter - commitsBefore - work.notifies) / requests, '/request', {
      atMost: 1.05,
    });
    report.figure('NOTIFY to workers, one in 20 ms at most', work.notifies / requests, '/request');
    report.figure('buffers', work.buffers / requests, '/request');
    report.figure('time in PostgreSQL', work.executionMs / requests, 'ms/request');
    report.figure('WAL', work.walBytes / requests, 'bytes/request');
  },
};

async function createSome(api: Program, { path, headers, body, uniqueHeaders }: Load, requests: number): Promise<void> {
  for (let sent = 0; sent < requests; sent += 1) {
    const response = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { ...headers, ...uniqueHeaders?.() },
      body: body ?? '',
    });
    await response.arrayBuffer();
  }
}

/** Transactions that were given a number: those that wrote. */
async function commits(admin: { query(text: string): Promise<{ rows: { at: string }[] }> }): Promise<number> {
  const { rows } = await admin.query('select pg_snapshot_xmax(pg_current_snapshot())::text as at');
  return Number(rows[0]?.at);
}
