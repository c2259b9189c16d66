import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobContents } from './blob-contents.ts';
import { BlobDamagedError } from './errors.ts';

const pieceBytes = 256 * 1_024;

/**
 * Keeps bytes as files of a directory that every process shares. A file has its name only once it is complete and on
 * the disk.
 */
export function createFileContents(directory: string): BlobContents {
  /** Spread over 256 directories by the random end of the id. */
  const pathOf = (id: string): string => join(directory, id.slice(-2), id);

  return {
    name: 'file',
    async write(id, pieces) {
      const path = pathOf(id);
      const partial = `${path}.part`;
      await mkdir(dirname(path), { recursive: true });
      const file = await open(partial, 'w', 0o600);
      try {
        for await (const piece of pieces) {
          await file.writeFile(piece);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    },
    async *read(id) {
      try {
        for await (const piece of createReadStream(pathOf(id), { highWaterMark: pieceBytes })) {
          yield Buffer.from(piece);
        }
      } catch (cause) {
        throw new BlobDamagedError(id, { cause });
      }
    },
    async remove(id) {
      await Promise.all([rm(pathOf(id), { force: true }), rm(`${pathOf(id)}.part`, { force: true })]);
    },
  };
}
