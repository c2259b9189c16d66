import { type ProjectImportPayload, projectImportPayload } from '@taskflow/contract/exchange';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Reads a file into tasks. How far it has come is kept, so another attempt goes on from there. */
export const projectImport: JobType<ProjectImportPayload> = defineJobType({
  name: 'project.import',
  payload: projectImportPayload,
  priority: 'bulk',
  timeoutMs: 30 * 60_000,
  concurrency: 2,
  scope: ({ projectId }) => projectId,
});
