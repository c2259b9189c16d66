import type { BenchContext, Benchmark } from '../harness/context.ts';
import { type Load, put } from '../harness/load.ts';
import { startBaseline } from '../harness/program.ts';
import { alternate, compare, median } from '../harness/rounds.ts';

/** What it costs to ask for a job, session, rights and limits included. */
export const jobsPost: Benchmark = {
  about: 'POST /jobs; against a bare Koa route doing one INSERT, CPU of the process for a request',
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const { admin, databaseUrl } = await context.servers();
    const [bare, api] = await Promise.all([startBaseline('one-insert', { DATABASE_URL: databaseUrl }), context.api()]);
    const load: Load = {
      path: '/api/v1/jobs',
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: world.cookies[0] ?? '' },
      body: JSON.stringify({ type: 'project.export', payload: { projectId: world.projectIds[0] } }),
      // a person may have asked for 120 in an hour: those of the round before are removed
      perSecond: 60,
    };
    try {
      const results = await alternate({
        bare: async () => (await put(bare, load)).cpuMsPerRequest,
        api: async () => {
          await admin.query("delete from jobs where type = 'project.export'");
          return (await put(api, load)).cpuMsPerRequest;
        },
      });
      report.ratio('CPU vs bare Koa, one INSERT', compare(results.get('api'), results.get('bare')), { atMost: 1.3 });
      report.figure('CPU of the API', median(results.get('api') ?? []), 'ms/request');
      report.figure('CPU of bare Koa', median(results.get('bare') ?? []), 'ms/request');
    } finally {
      await Promise.all([bare.stop(), api.stop()]);
    }
  },
};
