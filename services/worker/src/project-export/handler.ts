import {
  callerOfJob,
  type ExportService,
  exportKeptDays,
  keepFiles,
  projectExport,
  type UnitOfWorkRunner,
} from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';
import { refusedForGood } from '../exchange/refused-for-good.ts';
import { requesterOf } from '../exchange/requester-of.ts';

/** What the handler works with. */
export interface ProjectExportDependencies {
  readonly exports: ExportService;
  readonly units: UnitOfWorkRunner;
}

/** Writes a project into a file, for the person who asked for it. The file is theirs together with the end of the job. */
export function createProjectExportHandler({ exports, units }: ProjectExportDependencies): AnyJobHandler {
  return handleJob(projectExport, async (payload, job) => {
    const caller = callerOfJob(requesterOf(job), job.id);
    const run = { signal: job.signal, onProgress: (done: number) => job.progress(done) };
    const file = await exports.write(caller, payload, run).catch(refusedForGood);
    await units.run(async (unit) => {
      await keepFiles(unit, [file.id], exportKeptDays);
      await job.completeIn(unit, {
        zipId: file.id,
        download: `/api/v1/blobs/${file.id}`,
        fileName: file.fileName,
        sizeBytes: file.sizeBytes,
        sha256: file.sha256,
      });
    });
    return undefined;
  });
}
