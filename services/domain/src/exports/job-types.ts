import { type ProjectExportPayload, projectExportPayload } from '@taskflow/contract/exchange';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Writes everything of a project into a file. It holds a connection to the database all the while, hence the limit. */
export const projectExport: JobType<ProjectExportPayload> = defineJobType({
  name: 'project.export',
  payload: projectExportPayload,
  priority: 'bulk',
  timeoutMs: 30 * 60_000,
  concurrency: 2,
  scope: ({ projectId }) => projectId,
});
