import { JobFailure, type RunningJob } from '@taskflow/jobs';

/** The person for whom a job runs, and whose rights it has. @throws JobFailure for a job that nobody asked for */
export function requesterOf({ requestedBy }: Pick<RunningJob, 'requestedBy'>): string {
  if (requestedBy === undefined) {
    throw new JobFailure('NO_REQUESTER', 'nobody asked for this job', { retryable: false, countsForBreaker: false });
  }
  return requestedBy;
}
