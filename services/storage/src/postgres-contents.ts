import sql from 'sql-template-tag';
import type { BlobContents } from './blob-contents.ts';
import type { BlobDatabase } from './blob-database.ts';

/** Of one row. As small as this, no statement is slow and nobody holds much of a blob in memory. */
const chunkBytes = 256 * 1_024;

/** Keeps bytes in rows of 256 KiB: every process that reaches the database reaches them, and its backup has them. */
export function createPostgresContents(database: BlobDatabase): BlobContents {
  return {
    name: 'postgres',
    async write(id, pieces) {
      let position = 0;
      for await (const data of inChunks(pieces)) {
        await database.query(
          sql`insert into blob_chunks (blob_id, position, data) values (${id}, ${position}, ${data})`,
          { name: 'blob-chunk-insert' },
        );
        position += 1;
      }
    },
    async *read(id) {
      for (let position = 0; ; position += 1) {
        const [row] = await database.query<{ data: Buffer }>(
          sql`select data from blob_chunks where blob_id = ${id} and position = ${position}`,
          { name: 'blob-chunk-read' },
        );
        if (row === undefined) {
          return;
        }
        yield row.data;
      }
    },
    async remove(id) {
      await database.query(sql`delete from blob_chunks where blob_id = ${id}`);
    },
  };
}

/** The same bytes, cut to the size of a row. */
async function* inChunks(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size >= chunkBytes) {
      const joined = Buffer.concat(waiting, size);
      const whole = size - (size % chunkBytes);
      for (let from = 0; from < whole; from += chunkBytes) {
        yield joined.subarray(from, from + chunkBytes);
      }
      waiting = whole === size ? [] : [joined.subarray(whole)];
      size -= whole;
    }
  }
  if (size > 0) {
    yield Buffer.concat(waiting, size);
  }
}
