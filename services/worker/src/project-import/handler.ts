import { callerOfJob, type ImportService, projectImport, type UnitOfWorkRunner } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';
import { refusedForGood } from '../exchange/refused-for-good.ts';
import { requesterOf } from '../exchange/requester-of.ts';

/** What the handler works with. */
export interface ProjectImportDependencies {
  readonly imports: ImportService;
  readonly units: UnitOfWorkRunner;
}

/** Reads a file piece by piece, then makes tasks of all of it together with the end of the job: once, or not at all. */
export function createProjectImportHandler({ imports, units }: ProjectImportDependencies): AnyJobHandler {
  return handleJob(projectImport, async (payload, job) => {
    const caller = callerOfJob(requesterOf(job), job.id);
    const run = { jobId: job.id, signal: job.signal, onProgress: (done: number) => job.progress(done) };
    const { staged, problemCount, fatalCount } = await imports.stage(caller, payload, run).catch(refusedForGood);
    await units
      .run(async (unit) => {
        const imported = await imports.finish(unit, caller, payload, job.id);
        await job.completeIn(unit, {
          imported,
          tasks: staged,
          invalid: fatalCount,
          problems: problemCount,
          dryRun: payload.dryRun === true,
        });
      })
      .catch(refusedForGood);
    return undefined;
  });
}
