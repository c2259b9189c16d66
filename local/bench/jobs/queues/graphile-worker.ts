import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import { concurrency, type DrainQueue } from './job-queue.ts';

const silent = new Logger(() => () => undefined);

/**
 * graphile-worker as it is (`batched` false), or fetching 500 jobs at a time and completing those together that end
 * together.
 */
export const drainGraphileWorker =
  (batched: boolean): DrainQueue =>
  async ({ databaseUrl }, count, { onRun, onAccepted, onRecorded }) => {
    const pgPool = new pg.Pool({ connectionString: databaseUrl, max: concurrency + 2 });
    // its listener may be cut off when the pool ends
    pgPool.on('error', () => undefined);
    pgPool.on('connect', (client) => client.on('error', () => undefined));
    const { promise: handled, resolve: onHandled } = Promise.withResolvers<void>();
    let left = count;
    const runner = await run({
      pgPool,
      noHandleSignals: true,
      logger: silent,
      taskList: {
        noop: (payload) => {
          onRun(numberOf(payload));
          left -= 1;
          if (left === 0) {
            onHandled();
          }
        },
      },
      preset: {
        worker: {
          concurrentJobs: concurrency,
          ...(batched ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {}),
        },
      },
    });
    try {
      await pgPool.query(
        `select graphile_worker.add_jobs(array(
           select json_populate_record(null::graphile_worker.job_spec,
             json_build_object('identifier', 'noop', 'payload', json_build_object('n', n)))
           from generate_series(0, $1 - 1) n))`,
        [count],
      );
      onAccepted();
      await handled;
      while (await isAnyLeft(pgPool)) {
        // asked again
      }
      onRecorded();
    } finally {
      await runner.stop();
      await pgPool.end();
    }
  };

/** A job that is completed is deleted. */
async function isAnyLeft(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query('select from graphile_worker.jobs limit 1');
  return rows.length > 0;
}

function numberOf(payload: unknown): number {
  return typeof payload === 'object' && payload !== null && 'n' in payload ? Number(payload.n) : NaN;
}
