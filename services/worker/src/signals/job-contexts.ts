import type { JobResult, RunningJob } from '@taskflow/jobs';
import { childTraceContext, parseTraceparent, runInContext, type WorkContext } from '@taskflow/telemetry';

/** Who and what the attempts under way work for. */
export interface JobContexts {
  /** Runs an attempt in a context: what it logs, and the jobs that it causes, carry its ids. */
  run(job: RunningJob, work: () => Promise<JobResult | undefined>): Promise<JobResult | undefined>;
  /** The context of an attempt that has ended; forgotten with this call. */
  take(jobId: string, attempt: number): WorkContext | undefined;
}

/** Remembers the context of each attempt until it has been logged. */
export function createJobContexts(): JobContexts {
  const underWay = new Map<string, WorkContext>();
  return {
    run(job, work) {
      const context = contextOf(job);
      underWay.set(keyOf(job.id, job.attempt), context);
      return runInContext(context, work);
    },
    take(jobId, attempt) {
      const key = keyOf(jobId, attempt);
      const context = underWay.get(key);
      underWay.delete(key);
      return context;
    },
  };
}

/** One job may have two attempts here at a time: one that lost its lease, and the one that took over. */
const keyOf = (jobId: string, attempt: number): string => `${jobId}:${attempt}`;

function contextOf(job: RunningJob): WorkContext {
  return {
    // a job that no request caused is the beginning of what it causes
    requestId: job.requestId ?? job.id,
    trace: childTraceContext(parseTraceparent(job.traceParent)),
    ...(job.requestedBy !== undefined && { userId: job.requestedBy }),
    ...(job.workspaceId !== undefined && { workspaceId: job.workspaceId }),
  };
}
