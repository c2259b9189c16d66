import { type Executor, maybeOne, type Sql, sql } from '@taskflow/db';
import type { BlobStore } from '@taskflow/storage';
import type { CallerAccess } from '../access/access.ts';
import { notFound } from '../core/errors.ts';
import { isId } from '../core/ids.ts';

/** A file to be sent. */
export interface OpenFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly content: AsyncIterable<Buffer>;
}

/** Files that were made for people. */
export interface FileService {
  /** For whoever asked for it, as long as they are in its workspace. @throws DomainError `not_found` */
  open(access: CallerAccess, id: string): Promise<OpenFile>;
}

/** @param options.blobs where the files are */
export function createFileService(options: { executor: Executor; blobs: Pick<BlobStore, 'open'> }): FileService {
  const { executor, blobs } = options;
  return {
    async open(access, id) {
      const row = isId(id) ? await findOwnFile(executor, access, id) : undefined;
      const blob = row && (await blobs.open(id));
      if (row === undefined || blob === undefined) {
        throw notFound();
      }
      return { fileName: row.file_name, mediaType: row.media_type, ...blob };
    },
  };
}

function findOwnFile(executor: Executor, { caller }: CallerAccess, id: string) {
  return maybeOne<{ file_name: string; media_type: string }>(
    executor,
    sql`
      select b.file_name, b.media_type from blobs b
      join workspaces w on w.id = b.workspace_id and w.deleted_at is null
      join memberships m on m.workspace_id = w.id and m.user_id = b.created_by
      where b.id = ${id} and b.created_by = ${caller.userId} and (b.expires_at is null or b.expires_at > now())`,
    { name: 'file-open' },
  );
}

/** Keeps files for so many days; those that nobody keeps go after one. Belongs into the unit that tells of them. */
export async function keepFiles(executor: Executor, ids: readonly string[], days: number): Promise<void> {
  await executor.query(sql`
    update blobs set expires_at = now() + make_interval(days => ${days}::int) where id = any(${[...ids]}::uuid[])`);
}

/** JSON of the files with these ids, as an array. @param ids an array of uuid */
export const filesJson = (ids: Sql): Sql => sql`(
  select coalesce(json_agg(json_build_object(
    'id', b.id, 'fileName', b.file_name, 'mediaType', b.media_type, 'sizeBytes', b.size_bytes,
    'expiresAt', rfc3339(b.expires_at)
  ) order by b.id), '[]')
  from blobs b where b.id = any(${ids}) and b.stored_at is not null and (b.expires_at is null or b.expires_at > now())
)`;
