import { queryOptions } from '@tanstack/react-query';
import type { AskedJob, AskableType } from '@taskflow/contract/exchange';
import { call } from '../api/client.ts';

const endings: readonly AskedJob['state'][] = ['succeeded', 'canceled', 'discarded', 'quarantined'];

/** Whether nothing more is going to happen to a job by itself. */
export const hasEnded = ({ state }: Pick<AskedJob, 'state'>): boolean => endings.includes(state);

/** How often a job is looked at while it runs. */
const refreshMs = 1_000;

/** The newest exports, imports and reports that the person asked for; read again each second while one runs. */
export const askedJobsQuery = (
  workspaceId: string,
  of: { readonly type: AskableType; readonly project?: string | undefined },
) =>
  queryOptions({
    queryKey: ['asked-jobs', workspaceId, of.type, of.project ?? ''],
    queryFn: async ({ signal }) =>
      (
        await call('GET /workspaces/{id}/asked-jobs', {
          params: { id: workspaceId },
          query: { limit: 10, type: of.type, ...(of.project === undefined ? {} : { project: of.project }) },
          signal,
        })
      ).items,
    refetchInterval: ({ state }) => (state.data?.every(hasEnded) === true ? false : refreshMs),
  });

/** What is wrong with the file of an import. */
export const importProblemsQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['import-problems', jobId],
    queryFn: async ({ signal }) => (await call('GET /jobs/{id}/problems', { params: { id: jobId }, signal })).items,
  });

/** Reports that the person gets each week. */
export const reportSchedulesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['report-schedules', workspaceId],
    queryFn: async ({ signal }) =>
      (await call('GET /workspaces/{id}/report-schedules', { params: { id: workspaceId }, signal })).items,
  });
