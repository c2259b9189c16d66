import { z } from 'zod';
import type { BenchContext, Benchmark } from '../harness/context.ts';
import { startBaseline } from '../harness/program.ts';
import { alternate, compare, median } from '../harness/rounds.ts';

const answer = z.object({ cpuUs: z.number(), timers: z.int() });

/** Breaker, retry and deadline of a handler that succeeds. */
export const jobsWrapper: Benchmark = {
  about: 'breaker + retry + timeout around a handler that succeeds at once; against opossum, CPU of one call',
  async run({ report }: BenchContext) {
    const program = await startBaseline('jobs-wrapper');
    let timers = 0;
    const measure = (name: string) => async (): Promise<number> => {
      const { cpuUs, timers: made } = answer.parse(await program.ask({ name }));
      timers += name === 'taskflow' ? made : 0;
      return cpuUs;
    };
    const results = await alternate({
      bare: measure('bare'),
      taskflow: measure('taskflow'),
      opossum: measure('opossum'),
    });
    await program.stop();
    report.ratio('CPU vs opossum', compare(results.get('taskflow'), results.get('opossum')), { atMost: 1 });
    const bare = median(results.get('bare') ?? []);
    report.figure('CPU of ours, without the loop', median(results.get('taskflow') ?? []) - bare, 'us/call', {
      atMost: 3,
    });
    report.figure('CPU of opossum, without the loop', median(results.get('opossum') ?? []) - bare, 'us/call');
    if (timers > 0) {
      report.fail(`${timers} timers were made for jobs that succeed`);
    }
  },
};
