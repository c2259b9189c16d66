import { type Executor, sql } from '@taskflow/db';

/** The channel on which workers hear that there is something to do. */
export const jobsChannel = 'taskflow_jobs';

/** The channel on which they hear the id of a running job that somebody canceled. */
export const cancelChannel = 'taskflow_job_cancel';

/** Wakes the workers; a lost call costs them at most one poll. */
export interface JobNotifier {
  /** Never throws and never waits; calls in quick succession become one. */
  notify(): void;
}

/**
 * Tells workers by NOTIFY that jobs were committed. It is a statement of its own, after the commit: inside of the
 * transaction NOTIFY makes all commits of the database queue up behind one lock.
 */
export function createJobNotifier(options: { executor: Executor; onError: (error: unknown) => void }): JobNotifier {
  const { executor, onError } = options;
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
