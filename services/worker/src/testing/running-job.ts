import type { Executor } from '@taskflow/db';
import type { JobResult, RunningJob } from '@taskflow/jobs';

/** An attempt that a test gives to a handler, and what the handler did with it. */
export interface TestJob extends RunningJob {
  /** Results that the job was completed with, in a transaction. */
  readonly completions: (JobResult | undefined)[];
  /** Aborts the attempt. */
  abort(reason: Error): void;
}

/** An attempt without an engine. @param completeIn takes the place of completing the job's row */
export function testJob(
  job: { readonly id: string; readonly type: string; readonly attempt?: number },
  completeIn: (executor: Executor) => Promise<void> = () => Promise.resolve(),
): TestJob {
  const controller = new AbortController();
  const completions: (JobResult | undefined)[] = [];
  return {
    attempt: 1,
    ...job,
    workspaceId: undefined,
    requestedBy: undefined,
    taskId: undefined,
    requestId: undefined,
    traceParent: undefined,
    createdAt: new Date(),
    signal: controller.signal,
    progress: () => undefined,
    completions,
    async completeIn(executor, result) {
      await completeIn(executor);
      completions.push(result);
    },
    abort: (reason) => controller.abort(reason),
  };
}
