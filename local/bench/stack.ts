import type { BenchContext, Benchmark } from './harness/context.ts';
import { put } from './harness/load.ts';
import { startBaseline } from './harness/program.ts';
import { alternate, compare } from './harness/rounds.ts';

/** What the way of a request costs when its handler does nothing. */
export const stack: Benchmark = {
  about: 'GET /instance through everything that every request passes; against bare Koa + router',
  async run(context: BenchContext) {
    const { report } = context;
    const [bare, api] = await Promise.all([startBaseline('koa-router'), context.api()]);
    const load = { path: '/api/v1/instance', headers: { origin: 'http://taskflow.localhost' } };
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
    await Promise.all([bare.stop(), api.stop()]);
    report.ratio('requests/s vs bare Koa + router', compare(results.get('api'), results.get('bare')), { atLeast: 0.7 });
    report.figure('requests/s', results.get('api')?.at(-1) ?? 0, '/s');
    report.figure('CPU of the API', cpu.api, 'ms/request');
    report.figure('CPU of bare Koa + router', cpu.bare, 'ms/request');
  },
};
