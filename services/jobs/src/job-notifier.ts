import { type Executor, sql } from '@taskflow/db';
import { type Clock, systemClock } from '@taskflow/resilience';

/** The channel on which workers hear that there is something to do. */
export const jobsChannel = 'taskflow_jobs';

/** The channel on which they hear the id of a running job that somebody canceled. */
export const cancelChannel = 'taskflow_job_cancel';

/** Wakes the workers; a lost call costs them at most one poll. */
export interface JobNotifier {
  /** Never throws and never waits; calls in quick succession become one. */
  notify(): void;
}

/** Between two calls to PostgreSQL; what comes in the meantime goes together. */
const pauseMs = 20;

/**
 * Tells workers by NOTIFY that jobs were committed. It is a statement of its own, after the commit: inside of the
 * transaction NOTIFY makes all commits of the database queue up behind one lock. The first call goes out at once; those
 * that follow closely are told together, so that a busy process does not ask PostgreSQL once per change.
 */
export function createJobNotifier(options: {
  executor: Executor;
  onError: (error: unknown) => void;
  /** @default systemClock */
  clock?: Pick<Clock, 'sleep'>;
}): JobNotifier {
  const { executor, onError, clock = systemClock } = options;
  let asked = false;
  let running = false;

  async function send(): Promise<void> {
    running = true;
    while (asked) {
      asked = false;
      try {
        await executor.query(sql`select pg_notify(${jobsChannel}, '')`, { name: 'jobs-notify' });
      } catch (error) {
        onError(error);
      }
      await clock.sleep(pauseMs);
    }
    running = false;
  }

  return {
    notify() {
      asked = true;
      if (!running) {
        void send();
      }
    },
  };
}
