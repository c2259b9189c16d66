import { callerOfJob, DomainError, reportGenerate, type ReportService, type UnitOfWorkRunner } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';
import { refusedForGood } from '../exchange/refused-for-good.ts';
import { requesterOf } from '../exchange/requester-of.ts';

/** What the handler works with. */
export interface ReportGenerateDependencies {
  readonly reports: ReportService;
  readonly units: UnitOfWorkRunner;
}

/** Writes a report, and mails it where that was asked for: once, together with the end of the job. */
export function createReportGenerateHandler({ reports, units }: ReportGenerateDependencies): AnyJobHandler {
  return handleJob(reportGenerate, async (payload, job) => {
    const userId = requesterOf(job);
    const report = await reports
      .write(callerOfJob(userId, job.id), payload, job.signal)
      .catch(async (error: unknown) => {
        if (error instanceof DomainError) {
          await reports.endSchedules(userId, payload);
        }
        return refusedForGood(error);
      });
    const { document, csvId, htmlId } = report;
    await units.run(async (unit) => {
      await reports.deliver(unit, report, payload);
      await job.completeIn(unit, {
        title: document.title,
        csvId,
        htmlId,
        ...Object.fromEntries(document.figures.map(({ label, value }) => [label.toLowerCase(), value])),
      });
    });
    return undefined;
  });
}
