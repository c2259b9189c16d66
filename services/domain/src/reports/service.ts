import type { ReportGeneratePayload } from '@taskflow/contract/exchange';
import { type Database, type Executor, sql } from '@taskflow/db';
import type { BlobStore } from '@taskflow/storage';
import type { Caller, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { projectAccessOf, workspaceAccessOf } from '../access/person-access.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { keepFiles } from '../files/file-service.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import { reportMail } from '../mail/templates/report.ts';
import { projectReport, weeklyReport } from './build-report.ts';
import { reportGenerate } from './job-types.ts';
import { reportCsv, type ReportDocument, reportHtml } from './report-document.ts';
import { readNames } from './repository.ts';

/** A report in both of its forms. */
export interface WrittenReport {
  readonly document: ReportDocument;
  readonly csvId: string;
  readonly htmlId: string;
  readonly access: WorkspaceAccess;
}

/** Writes reports. */
export interface ReportService {
  /** @throws DomainError `not_found`, `forbidden` when whoever asked for it may not have it any more */
  write(caller: Caller, payload: ReportGeneratePayload, signal: AbortSignal): Promise<WrittenReport>;
  /** Keeps the files, and mails what they say where that was asked for. Belongs into the unit that completes the job. */
  deliver(unit: UnitOfWork, report: WrittenReport, payload: ReportGeneratePayload): Promise<void>;
  /** Ends the schedules by which somebody would get such a report, who may not have it any more. */
  endSchedules(userId: string, payload: ReportGeneratePayload): Promise<void>;
}

/** How long a report can be downloaded. */
const keptDays = 90;
const maxBytes = 64 * 1_024 ** 2;

/** @throws DomainError `not_found`, `forbidden` */
export async function authorizeReport(
  executor: Executor,
  caller: Caller,
  payload: ReportGeneratePayload,
): Promise<WorkspaceAccess> {
  const access =
    payload.kind === 'weekly'
      ? await workspaceAccessOf(executor, caller, payload.workspaceId)
      : await projectAccessOf(executor, caller, payload.projectId);
  authorize(access, 'report.run');
  return access;
}

/** @param options.publicUrl origin of links in mails */
export function createReportService(options: {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly mails: MailQueue;
  readonly publicUrl: string;
}): ReportService {
  const { database, blobs, mails, publicUrl } = options;

  /** Counts in one snapshot, so that the figures agree with each other. */
  const build = (caller: Caller, payload: ReportGeneratePayload) =>
    database.transaction(
      async (executor): Promise<{ access: WorkspaceAccess; document: ReportDocument }> => {
        const access = await authorizeReport(executor, caller, payload);
        const { timeZone = 'UTC' } = payload;
        if (payload.kind === 'weekly') {
          const { workspace: workspaceName } = await readNames(executor, access);
          return { access, document: await weeklyReport(executor, access, { workspaceName, timeZone }) };
        }
        const project = await projectAccessOf(executor, caller, payload.projectId);
        return { access, document: await projectReport(executor, project, { timeZone }) };
      },
      { isolation: 'repeatable read', readOnly: true },
    );

  return {
    async write(caller, payload, signal) {
      const { access, document } = await build(caller, payload);
      const put = async (content: string, extension: string, mediaType: string) => {
        const description = {
          workspaceId: access.workspace.id,
          createdBy: caller.userId,
          fileName: `${document.title}.${extension}`,
          mediaType,
        };
        return (await blobs.put(bytesOf(content), description, { maxBytes, signal })).id;
      };
      const csvId = await put(reportCsv(document), 'csv', 'text/csv; charset=utf-8');
      const htmlId = await put(reportHtml(document), 'html', 'text/html; charset=utf-8');
      return { document, csvId, htmlId, access };
    },
    async deliver(unit, { document, csvId, htmlId, access }, { mail = false }) {
      await keepFiles(unit, [csvId, htmlId], keptDays);
      if (!mail) {
        return;
      }
      const { person, email } = await readNames(unit, access);
      if (email !== null) {
        const draft = reportMail({
          title: document.title,
          subtitle: document.subtitle,
          figures: document.figures,
          link: `${publicUrl}/w/${access.workspace.slug}/settings#reports`,
        });
        const { userId } = access.caller;
        await mails.queue(unit, draft, { address: email, name: person, userId, workspaceId: access.workspace.id });
      }
    },
    async endSchedules(userId, payload) {
      await database.query(sql`
        delete from schedules where type = ${reportGenerate.name} and created_by = ${userId}
          and payload = ${JSON.stringify(payload)}::jsonb`);
    },
  };
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
