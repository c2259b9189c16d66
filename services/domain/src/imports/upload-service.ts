import { type ImportFormat, maxUploadBytes, type Upload } from '@taskflow/contract/exchange';
import type { Executor } from '@taskflow/db';
import { type BlobStore, BlobTooLargeError } from '@taskflow/storage';
import type { CallerAccess, ProjectAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { DocumentPage } from '../core/document.ts';
import { csvRows, suggestMapping } from './readers/csv.ts';
import { UnreadableFileError } from './raw-task.ts';
import { readProblems } from './repository.ts';

/** Files that people send to be imported, and what was wrong with them. */
export interface UploadService {
  /**
   * Keeps a file for a day and says what it looks like.
   *
   * @throws DomainError `forbidden`; `too_large` beyond `maxUploadBytes`
   */
  upload(
    access: ProjectAccess,
    file: { readonly name: string; readonly content: AsyncIterable<Uint8Array> },
  ): Promise<Upload>;
  /** What is wrong with the file of a job that the caller asked for, by line; the first 500. @throws DomainError `not_found` */
  problems(access: CallerAccess, jobId: string): Promise<DocumentPage>;
}

/** Lines of a table that are shown before it is imported. */
const shownRows = 5;
const shownCharacters = 200;

/** @param options.blobs where the files are kept */
export function createUploadService(options: { executor: Executor; blobs: BlobStore }): UploadService {
  const { executor, blobs } = options;

  async function preview(id: string, format: ImportFormat): Promise<Upload['table']> {
    const blob = format === 'csv' ? await blobs.open(id) : undefined;
    if (blob === undefined) {
      return null;
    }
    const rows: string[][] = [];
    try {
      for await (const { cells } of csvRows(blob.content)) {
        rows.push(cells.map((cell) => cell.slice(0, shownCharacters)));
        if (rows.length > shownRows) {
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) {
        throw error;
      }
      // what is wrong is told by line when it is tried
    }
    const [columns = [], ...shown] = rows;
    return { columns, rows: shown, mapping: suggestMapping(columns) };
  }

  return {
    async upload(access, { name, content }) {
      authorize(access, 'project.import');
      const fileName = name.replaceAll(/\p{Cc}/gu, ' ').toWellFormed();
      const description = {
        workspaceId: access.workspace.id,
        createdBy: access.caller.userId,
        fileName,
        mediaType: 'application/octet-stream',
      };
      const { id, sizeBytes } = await blobs
        .put(content, description, { maxBytes: maxUploadBytes })
        .catch((cause: unknown) => {
          throw cause instanceof BlobTooLargeError
            ? new DomainError('too_large', `A file may have ${maxUploadBytes / 1_048_576} MiB`, { cause })
            : cause;
        });
      const format = await formatOf(blobs, id);
      return { id, fileName, sizeBytes, format, table: await preview(id, format) };
    },
    async problems(access, jobId) {
      const found = isId(jobId) ? await readProblems(executor, jobId, access.caller.userId) : undefined;
      if (found === undefined) {
        throw notFound();
      }
      return { items: found.problems, nextCursor: null };
    },
  };
}

/** What a file seems to be, by its beginning. */
async function formatOf(blobs: BlobStore, id: string): Promise<ImportFormat> {
  const blob = await blobs.open(id);
  for await (const piece of blob?.content ?? []) {
    const start = piece.toString('utf8').trimStart();
    if (start.startsWith('[')) {
      return 'vikunja';
    }
    if (start.startsWith('{')) {
      return start.includes('"taskflow-project"') ? 'taskflow' : 'trello';
    }
    break;
  }
  return 'csv';
}
