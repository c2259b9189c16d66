/** `npm run bench [-- name...]`: measures, prints, judges. See docs/benchmarks.md. */
import { create } from './create.ts';
import { depth } from './depth.ts';
import { explain } from './explain.ts';
import { type Benchmark, createContext } from './harness/context.ts';
import { createReport } from './harness/rounds.ts';
import { jobsAccept } from './jobs/accept.ts';
import { jobsBacklog } from './jobs/backlog.ts';
import { jobsLatency } from './jobs/latency.ts';
import { jobsPipeline } from './jobs/pipeline.ts';
import { jobsPost } from './jobs/post.ts';
import { jobsWrapper } from './jobs/wrapper.ts';
import { list } from './list.ts';
import { live } from './live.ts';
import { loginStorm } from './login-storm.ts';
import { stack } from './stack.ts';
import { start } from './start.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  explain,
  depth,
  list,
  stack,
  'login-storm': loginStorm,
  start,
  create,
  live,
  'jobs-pipeline': jobsPipeline,
  'jobs-accept': jobsAccept,
  'jobs-post': jobsPost,
  'jobs-latency': jobsLatency,
  'jobs-wrapper': jobsWrapper,
  'jobs-backlog': jobsBacklog,
};

const wanted = process.argv.slice(2);
const isMeant = (name: string, word: string): boolean => name === word || name.startsWith(`${word}-`);
const unknown = wanted.filter((word) => !Object.keys(benchmarks).some((name) => isMeant(name, word)));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);
  process.exit(2);
}

const report = createReport((line) => console.log(line));
const context = createContext(report, process.env['TASKFLOW_BENCH_DIR']);
try {
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (wanted.length === 0 || wanted.some((word) => isMeant(name, word))) {
      console.log(`\n${name}: ${benchmark.about}`);
      await benchmark.run(context);
    }
  }
} finally {
  await context.stop();
}
console.log(report.missed.length === 0 ? '\nevery target was met' : `\nmissed: ${report.missed.join('; ')}`);
// times depend on the machine, plans do not
process.exitCode = report.failures.length === 0 ? 0 : 1;
