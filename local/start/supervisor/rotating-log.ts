import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Settings of {@link createRotatingLog}. */
export interface RotatingLogOptions {
  readonly file: string;
  /** Size at which a new file begins. */
  readonly maxBytes: number;
  /** How many full files are kept beside the current one, as `<file>.1` (the newest) and so on. */
  readonly keep: number;
}

/** A log file that never grows past its size. */
export interface RotatingLog {
  /** Appends; resolves when the system has taken it, so that a flood slows its source down. */
  write(chunk: Buffer): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a log file for appending, in order, one write after the other. A disk that takes no more loses lines, never
 * the program that writes them.
 */
export function createRotatingLog(options: RotatingLogOptions): RotatingLog {
  let handle: FileHandle | undefined;
  let sizeBytes = 0;
  let last: Promise<void> = Promise.resolve();

  const openFile = async (): Promise<FileHandle> => {
    await mkdir(path.dirname(options.file), { recursive: true });
    const opened = await open(options.file, 'a', 0o600);
    sizeBytes = (await opened.stat()).size;
    return opened;
  };
  const rotate = async (): Promise<void> => {
    await handle?.close();
    handle = undefined;
    await rm(`${options.file}.${options.keep}`, { force: true });
    for (let index = options.keep - 1; index >= 0; index -= 1) {
      const from = index === 0 ? options.file : `${options.file}.${index}`;
      await rename(from, `${options.file}.${index + 1}`).catch(() => undefined);
    }
  };
  const append = async (chunk: Buffer): Promise<void> => {
    handle ??= await openFile();
    if (sizeBytes > 0 && sizeBytes + chunk.length > options.maxBytes) {
      await rotate();
      handle = await openFile();
    }
    await handle.appendFile(chunk);
    sizeBytes += chunk.length;
  };
  const inOrder = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch(() => undefined);
    return last;
  };
  return {
    write: (chunk) => inOrder(() => append(chunk)),
    close: () =>
      inOrder(async () => {
        await handle?.close();
        handle = undefined;
      }),
  };
}
