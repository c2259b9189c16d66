import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSteps } from './run-steps.ts';
import { planSteps, selectSteps } from './steps.ts';

const folder = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const ended = new AbortController();
process.once('SIGINT', () => ended.abort(new Error('interrupted')));
process.once('SIGTERM', () => ended.abort(new Error('terminated')));

const reportFolder = await mkdtemp(join(tmpdir(), 'taskflow-check-'));
try {
  const phases = selectSteps(planSteps(reportFolder), values.only?.split(','));
  const { passed, failed } = await runSteps(phases, {
    folder,
    env: { ...process.env, PATH: join(folder, 'node_modules/.bin') + delimiter + (process.env['PATH'] ?? '') },
    concurrency: availableParallelism(),
    signal: ended.signal,
    print: console.log,
  });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await rm(reportFolder, { recursive: true, force: true });
}
