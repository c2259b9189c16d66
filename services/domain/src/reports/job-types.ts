import { type ReportGeneratePayload, reportGeneratePayload } from '@taskflow/contract/exchange';
import { defineJobType, type JobType } from '@taskflow/jobs';

/** Counts tasks and writes what came of it as a table and as a page to print. */
export const reportGenerate: JobType<ReportGeneratePayload> = defineJobType({
  name: 'report.generate',
  payload: reportGeneratePayload,
  priority: 'default',
  timeoutMs: 5 * 60_000,
  concurrency: 4,
  scope: (payload) => (payload.kind === 'weekly' ? payload.workspaceId : payload.projectId),
});
