import type { BenchContext, Benchmark } from './harness/context.ts';
import { put } from './harness/load.ts';
import { type Program, startBaseline } from './harness/program.ts';
import { alternate, compare, median } from './harness/rounds.ts';

const mebibyte = 1_048_576;

/** From starting the process until it is ready, and what it holds in memory then and under load. */
export const start: Benchmark = {
  about: 'process start to ready; against a Koa hello that connects to PostgreSQL',
  async run(context: BenchContext) {
    const { report } = context;
    const { databaseUrl } = await context.servers();
    const readyAfter = async (starting: Promise<Program>): Promise<number> => {
      const program = await starting;
      await program.stop();
      return program.readyAfterMs;
    };
    const results = await alternate({
      hello: () => readyAfter(startBaseline('koa-hello', { DATABASE_URL: databaseUrl })),
      api: () => readyAfter(context.api()),
    });
    report.ratio('time to ready vs Koa hello', compare(results.get('api'), results.get('hello')), { atMost: 2 });
    report.figure('time to ready', median(results.get('api') ?? []), 'ms');

    const api = await context.api();
    const atRest = (await api.usage()).rssBytes;
    const { cookies, projectIds } = await context.world();
    await put(api, {
      path: `/api/v1/projects/${projectIds[0] ?? ''}/tasks?limit=50`,
      headers: { cookie: cookies[0] ?? '' },
      seconds: 5,
      connections: 50,
    });
    const underLoad = (await api.usage()).rssBytes;
    await api.stop();
    report.figure('memory at rest', atRest / mebibyte, 'MiB');
    report.figure('memory under load', underLoad / mebibyte, 'MiB');
  },
};
