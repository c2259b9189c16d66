import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase } from '@taskflow/db';
import { createUnitOfWorkRunner } from '@taskflow/domain';
import { createRedis } from '@taskflow/redis';
import type { BenchContext, Benchmark } from './harness/context.ts';
import { startBaseline } from './harness/program.ts';
import { alternate, compare, median, percentile } from './harness/rounds.ts';
import type { World } from './harness/seed.ts';

const clients = 2_000;
const changesForPercentile = 100;

/** Commits a change and tells the API of it, as another process would. Answers when it was committed. */
interface Changer {
  change(): Promise<number>;
  close(): Promise<void>;
}

/** One change, read once, serialized once, written to everybody. */
export const live: Benchmark = {
  about: `one change to ${clients} streams; against a loop of res.write(sameBuffer)`,
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const changer = await createChanger(context, world);
    const [api, raw] = await Promise.all([context.api(), startBaseline('raw-stream')]);
    const [ofApi, ofRaw] = [await startBaseline('stream-clients'), await startBaseline('stream-clients')];
    const cookies = Array.from({ length: clients }, (_, index) => world.cookies[index % world.cookies.length] ?? '');
    await ofApi.ask({ port: api.port, path: `/api/v1/workspaces/${world.workspaceId}/events`, cookies });
    await ofRaw.ask({ port: raw.port, path: '/', cookies });
    await delay(500);

    let frame = '';
    const commitToLast = async (): Promise<number> => {
      const arrived = ofApi.next();
      const committedAtMs = await changer.change();
      const { lastAtMs, sample } = arrival(await arrived);
      frame = sample;
      return lastAtMs - committedAtMs;
    };
    await commitToLast();
    const message = `${frame.slice(frame.indexOf('id: '), frame.lastIndexOf('\n\n'))}\n\n`;
    const results = await alternate(
      {
        raw: async () => {
          const arrived = ofRaw.next();
          const writtenAtMs = performance.timeOrigin + performance.now();
          raw.send({ frame: message });
          return arrival(await arrived).lastAtMs - writtenAtMs;
        },
        api: commitToLast,
      },
      16,
    );
    const before = await api.usage();
    const times: number[] = [];
    for (let change = 0; change < changesForPercentile; change += 1) {
      times.push(await commitToLast());
    }
    const after = await api.usage();
    await Promise.all([ofApi.stop(), ofRaw.stop(), raw.stop()]);
    await changer.close();
    await api.stop();

    report.ratio('commit to last client vs loop to last client', compare(results.get('api'), results.get('raw')), {
      atMost: 1.3,
    });
    report.figure('loop to last client', median(results.get('raw') ?? []), 'ms');
    report.figure('commit to last client, median', median(times), 'ms');
    report.figure('commit to last client, p99', percentile(times, 0.99), 'ms', { atMost: 150 });
    report.figure(
      'CPU of the API',
      (after.cpuMs - before.cpuMs) / changesForPercentile / clients,
      'ms per client and change',
    );
    report.figure('size of the message', Buffer.byteLength(message), 'bytes');
    report.figure(`memory with ${clients} streams`, after.rssBytes / 1_048_576, 'MiB');
  },
};

async function createChanger(context: BenchContext, world: World): Promise<Changer> {
  const { databaseUrl, redisUrl } = await context.servers();
  const database = createDatabase({
    url: databaseUrl,
    applicationName: 'bench',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  const redis = createRedis({ url: redisUrl, name: 'bench', onError: () => undefined });
  let committedAtMs = 0;
  const units = createUnitOfWorkRunner({
    database,
    onCommitted(changes) {
      committedAtMs = performance.timeOrigin + performance.now();
      for (const { workspaceId, number } of changes) {
        void redis.publish('taskflow:live', `${workspaceId}:${number}`);
      }
    },
  });
  const { rows } = await (await context.servers()).admin.query<{ id: string }>(
    'select id from tasks where project_id = $1 order by rank limit 1',
    [world.projectIds[0]],
  );
  return {
    async change() {
      await units.run(async (unit) =>
        unit.record({
          workspaceId: world.workspaceId,
          type: 'task.updated',
          actorId: world.userIds[0] ?? '',
          projectId: world.projectIds[0] ?? '',
          taskId: rows[0]?.id ?? '',
          subject: 'A task',
          changes: { priority: { from: 'low', to: 'high' } },
        }),
      );
      return committedAtMs;
    },
    async close() {
      redis.disconnect();
      await database.close();
    },
  };
}

function arrival(message: unknown): { lastAtMs: number; sample: string } {
  if (typeof message !== 'object' || message === null || !('lastAtMs' in message) || !('sample' in message)) {
    throw new Error('the clients did not tell when the message arrived');
  }
  return { lastAtMs: Number(message.lastAtMs), sample: String(message.sample) };
}
