import { type JobState, jobStates, type QuarantineReason, quarantineReasons } from '@taskflow/contract/jobs';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { JobFilter } from '../../lib/queries/operations.ts';

const route = getRouteApi('/signed-in/operations/jobs');

/** Filters that the page of jobs shows as removable chips. */
export const chipFilters = ['workspace', 'reason', 'fingerprint', 'breaker'] as const;

const stateOf = (text: string | undefined): JobState | undefined => jobStates.find((state) => state === text);
const reasonOf = (text: string | undefined): QuarantineReason | undefined =>
  quarantineReasons.find((reason) => reason === text);

/** What the address narrows the list of jobs to; what makes no sense there is left out. */
export function useJobSearch(): { readonly filter: JobFilter; readonly jobId: string | undefined } {
  const { job, state, reason, type, workspace, error, fingerprint, breaker } = route.useSearch();
  const filter: JobFilter = {
    ...(stateOf(state) !== undefined && { state: stateOf(state) }),
    ...(reasonOf(reason) !== undefined && { reason: reasonOf(reason) }),
    ...(type !== undefined && { type }),
    ...(workspace !== undefined && { workspace }),
    ...(error !== undefined && { error }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(breaker !== undefined && { breaker }),
  };
  return { filter, jobId: job };
}

/** Changes what the address says about the list. */
export function useChangeJobSearch() {
  const navigate = useNavigate();
  return (change: Partial<Record<keyof JobFilter | 'job', string | undefined>>) =>
    void navigate({
      to: '/operations/jobs',
      search: (search) => ({ ...search, ...change }),
      replace: !('job' in change),
    });
}
