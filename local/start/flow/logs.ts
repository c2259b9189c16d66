import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One log file. */
export interface LogFile {
  readonly file: string;
  /** `api`, `api:1`. */
  readonly id: string;
  readonly program: string;
  readonly stream: 'out' | 'err';
}

const FOLLOW_INTERVAL_MS = 200;
const BLOCK_BYTES = 65_536;

/** The current log files in a folder; those that were rotated away are left out. */
export async function listLogs(directory: string): Promise<LogFile[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .toSorted((a, b) => a.localeCompare(b))
    .flatMap((name) => {
      const match = /^([a-z][a-z0-9-]*)(?:\.(\d+))?\.(out|err)\.log$/.exec(name);
      const [, program, instance, stream] = match ?? [];
      if (program === undefined || (stream !== 'out' && stream !== 'err')) {
        return [];
      }
      const id = instance === undefined ? program : `${program}:${instance}`;
      return [{ file: path.join(directory, name), id, program, stream }];
    });
}

/**
 * Prints the last lines of each log and answers where each ended, for {@link followLogs}.
 */
export async function printLogs(
  logs: readonly LogFile[],
  lines: number,
  write: (text: string) => void,
): Promise<Map<string, number>> {
  const positions = new Map<string, number>();
  for (const log of logs) {
    const sizeBytes = (await stat(log.file).catch(() => undefined))?.size ?? 0;
    positions.set(log.file, sizeBytes);
    for (const line of await lastLines(log.file, sizeBytes, lines)) {
      write(`${labelOf(log, logs)}${line}\n`);
    }
  }
  return positions;
}

/** Prints what is written from now on, until the signal; follows a log through its rotation. */
export async function followLogs(
  logs: readonly LogFile[],
  positions: Map<string, number>,
  write: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const rests = new Map<string, string>();
  while (signal?.aborted !== true) {
    for (const log of logs) {
      const sizeBytes = (await stat(log.file).catch(() => undefined))?.size ?? 0;
      const known = positions.get(log.file) ?? 0;
      const from = sizeBytes < known ? 0 : known;
      if (sizeBytes > from) {
        const text = (rests.get(log.file) ?? '') + (await readRange(log.file, from, sizeBytes)).toString('utf8');
        const complete = text.split('\n');
        rests.set(log.file, complete.pop() ?? '');
        complete.forEach((line) => write(`${labelOf(log, logs)}${line}\n`));
      }
      positions.set(log.file, sizeBytes);
    }
    await delay(FOLLOW_INTERVAL_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

function labelOf(log: LogFile, all: readonly LogFile[]): string {
  const width = Math.max(...all.map(({ id }) => id.length));
  return all.every(({ id }) => id === log.id) ? '' : `${log.id.padEnd(width)} | `;
}

async function lastLines(file: string, sizeBytes: number, wanted: number): Promise<string[]> {
  let start = sizeBytes;
  let content = Buffer.alloc(0);
  let found: string[] = [];
  while (start > 0 && found.length <= wanted) {
    const from = Math.max(0, start - BLOCK_BYTES);
    content = Buffer.concat([await readRange(file, from, start), content]);
    found = content.toString('utf8').replace(/\n$/, '').split('\n');
    start = from;
  }
  return wanted === 0 ? [] : found.slice(-wanted);
}

async function readRange(file: string, from: number, to: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
