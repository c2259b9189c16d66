import { createHash } from 'node:crypto';
import sql from 'sql-template-tag';
import type { BlobContents } from './blob-contents.ts';
import type { BlobDatabase } from './blob-database.ts';
import { BlobDamagedError, BlobTooLargeError } from './errors.ts';

/** What a blob is, beside its bytes. */
export interface BlobDescription {
  /** The tenant that it belongs to. */
  readonly workspaceId: string;
  /** Whoever sent it, or asked for it. */
  readonly createdBy: string;
  readonly fileName: string;
  readonly mediaType: string;
}

/** A blob that is complete. */
export interface StoredBlob {
  readonly id: string;
  readonly sizeBytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** A blob to be read. */
export interface OpenBlob {
  readonly sizeBytes: number;
  /** In pieces of 256 KiB at most. @throws BlobDamagedError when bytes are missing */
  readonly content: AsyncIterable<Buffer>;
}

/** Keeps files. Memory does not grow with their size. */
export interface BlobStore {
  /**
   * Keeps what `content` brings. Nobody can read it before all of it is there. It goes by itself after a day, unless
   * whoever put it says otherwise in `blobs.expires_at`.
   *
   * @throws BlobTooLargeError beyond `maxBytes`; whatever `content` throws. Either way nothing is kept.
   */
  put(
    content: AsyncIterable<Uint8Array>,
    description: BlobDescription,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal },
  ): Promise<StoredBlob>;
  /** A complete blob; undefined when there is none. */
  open(id: string): Promise<OpenBlob | undefined>;
  /** Forgets a blob. */
  remove(id: string): Promise<void>;
  /** Forgets blobs whose time is over, those included that were never completed. @returns how many, `limit` at most */
  removeExpired(limit: number): Promise<number>;
}

/** Options of {@link createBlobStore}. */
export interface BlobStoreOptions {
  readonly database: BlobDatabase;
  readonly newId: () => string;
  /** Where new ones go. */
  readonly contents: BlobContents;
  /** Where older ones may still be. */
  readonly olderContents?: readonly BlobContents[];
}

/** A store whose list is the table `blobs`; the bytes are where `contents` keeps them. */
export function createBlobStore(options: BlobStoreOptions): BlobStore {
  const { database, newId, contents } = options;
  const places = new Map<string, BlobContents>(
    [contents, ...(options.olderContents ?? [])].map((place) => [place.name, place]),
  );

  function placeOf(id: string, name: string): BlobContents {
    const place = places.get(name);
    if (place === undefined) {
      throw new BlobDamagedError(id, { cause: new Error(`it is kept in ${name}, which is not configured`) });
    }
    return place;
  }

  async function forget(id: string, place: string): Promise<void> {
    await placeOf(id, place).remove(id);
    await database.query(sql`delete from blobs where id = ${id}`);
  }

  return {
    async put(content, description, { maxBytes, signal }) {
      const id = newId();
      await database.query(sql`
        insert into blobs (id, workspace_id, created_by, file_name, media_type, store)
        values (${id}, ${description.workspaceId}, ${description.createdBy}, ${description.fileName},
          ${description.mediaType}, ${contents.name})`);
      try {
        const measured = measure(content, maxBytes, signal);
        await contents.write(id, measured.pieces);
        const { sizeBytes, sha256 } = measured.result();
        await database.query(sql`
          update blobs set size_bytes = ${sizeBytes}, sha256 = ${sha256}, stored_at = now() where id = ${id}`);
        return { id, sizeBytes, sha256: sha256.toString('hex') };
      } catch (error) {
        // what cannot be removed now is removed when its time is over
        await forget(id, contents.name).catch(() => undefined);
        throw error;
      }
    },
    async open(id) {
      const [row] = await database.query<{ store: string; size_bytes: string | number }>(
        sql`select store, size_bytes from blobs where id = ${id} and stored_at is not null`,
        { name: 'blob-open' },
      );
      if (row === undefined) {
        return undefined;
      }
      const sizeBytes = Number(row.size_bytes);
      return { sizeBytes, content: complete(id, placeOf(id, row.store).read(id), sizeBytes) };
    },
    async remove(id) {
      const [row] = await database.query<{ store: string }>(sql`select store from blobs where id = ${id}`);
      if (row !== undefined) {
        await forget(id, row.store);
      }
    },
    async removeExpired(limit) {
      const rows = await database.query<{ id: string; store: string }>(sql`
        select id, store from blobs where expires_at <= now() order by expires_at, id limit ${limit}`);
      for (const { id, store } of rows) {
        await forget(id, store);
      }
      return rows.length;
    },
  };
}

/** Counts and hashes what goes by. */
function measure(content: AsyncIterable<Uint8Array>, maxBytes: number, signal: AbortSignal | undefined) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      signal?.throwIfAborted();
      sizeBytes += piece.byteLength;
      if (sizeBytes > maxBytes) {
        throw new BlobTooLargeError(maxBytes);
      }
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      hash.update(buffer);
      yield buffer;
    }
    signal?.throwIfAborted();
  }
  return { pieces: pieces(), result: () => ({ sizeBytes, sha256: hash.digest() }) };
}

/** The same bytes, and an error at the end when they are too few. */
async function* complete(id: string, content: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const piece of content) {
    read += piece.length;
    yield piece;
  }
  if (read !== sizeBytes) {
    throw new BlobDamagedError(id);
  }
}
