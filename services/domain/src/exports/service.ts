import type { ProjectExportPayload } from '@taskflow/contract/exchange';
import type { Database, Executor } from '@taskflow/db';
import type { BlobStore, StoredBlob } from '@taskflow/storage';
import type { Caller, ProjectAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { projectAccessOf } from '../access/person-access.ts';
import { projectArchive } from './archive.ts';
import { countTasks } from './sections.ts';

/** Larger than any project that people work in; a limit all the same. */
const maxBytes = 4 * 1_024 ** 3;

/** How long an export can be downloaded. */
export const exportKeptDays = 7;

/** What an export needs of the job that it runs in. */
export interface ExportRun {
  readonly signal: AbortSignal;
  /** In [0, 1]. */
  readonly onProgress: (done: number) => void;
}

/** Writes projects into files. */
export interface ExportService {
  /**
   * Everything of a project as it is at this moment, while people go on working.
   *
   * @throws DomainError `not_found`, `forbidden` when whoever asked for it may not have it any more
   */
  write(caller: Caller, payload: ProjectExportPayload, run: ExportRun): Promise<StoredBlob & { fileName: string }>;
}

/** @throws DomainError `not_found`, `forbidden` */
export async function authorizeExport(
  executor: Executor,
  caller: Caller,
  { projectId }: ProjectExportPayload,
): Promise<ProjectAccess> {
  const access = await projectAccessOf(executor, caller, projectId);
  authorize(access, 'project.export');
  return access;
}

/** @param options.now the clock that names files */
export function createExportService(options: {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly now: () => Date;
}): ExportService {
  const { database, blobs, now } = options;
  return {
    write: (caller, payload, { signal, onProgress }) =>
      database.transaction(
        async (executor) => {
          const { workspace, project } = await authorizeExport(executor, caller, payload);
          const [{ count } = { count: 0 }] = await countTasks(executor, project.id);
          let written = 0;
          const at = now();
          const content = projectArchive({
            executor,
            projectId: project.id,
            now: at,
            onTasks(tasks) {
              signal.throwIfAborted();
              written += tasks;
              onProgress(Math.min(written / (2 * count), 1));
            },
          });
          const fileName = `${project.key}-${at.toISOString().slice(0, 10)}.zip`;
          const description = {
            workspaceId: workspace.id,
            createdBy: caller.userId,
            fileName,
            mediaType: 'application/zip',
          };
          const blob = await blobs.put(content, description, { maxBytes, signal });
          return { ...blob, fileName };
        },
        { isolation: 'repeatable read', readOnly: true },
      ),
  };
}
