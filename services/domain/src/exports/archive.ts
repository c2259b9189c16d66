import { PassThrough, Readable } from 'node:stream';
import type { Executor } from '@taskflow/db';
import { ZipFile } from 'yazl';
import { byteOrderMark, csvLine } from '../exchange/csv.ts';
import {
  activitySection,
  commentSection,
  headSection,
  linkSection,
  taskColumns,
  taskSection,
  taskTable,
} from './sections.ts';

/** What the archive is made of. */
export interface ArchiveOptions {
  /** One snapshot of the database. */
  readonly executor: Executor;
  readonly projectId: string;
  readonly now: Date;
  /** Told of tasks as they are written; each is twice. */
  readonly onTasks: (count: number) => void;
}

/** Names the layout of `project.json`; an import asks for it. */
const exportFormat = { format: 'taskflow-project', version: 1 } as const;

/**
 * A project as a ZIP: `project.json` has everything, the tables are for people. It is put together while it is read, so
 * memory does not grow with the project.
 */
export async function* projectArchive(options: ArchiveOptions): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream.pipe(new PassThrough());
  const fail = (error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error)));
  zip.on('error', fail);
  const sources = [
    { name: 'project.json', content: projectJson(options) },
    { name: 'tasks.csv', content: tasksCsv(options) },
  ].map(({ name, content }) => ({ name, stream: Readable.from(content, { objectMode: false }) }));
  for (const { name, stream } of sources) {
    // nobody else listens: a source that fails would end the process
    stream.on('error', fail);
    zip.addReadStream(stream, name, { mtime: options.now });
  }
  zip.end();
  try {
    yield* bytesOf(output);
  } finally {
    for (const { stream } of sources) {
      stream.destroy();
    }
  }
}

async function* bytesOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const piece of stream) {
    if (Buffer.isBuffer(piece)) {
      yield piece;
    }
  }
}

async function* projectJson({ executor, projectId, now, onTasks }: ArchiveOptions): AsyncGenerator<string> {
  yield `{"format":"${exportFormat.format}","version":${exportFormat.version},"exportedAt":"${now.toISOString()}"`;
  for (const { name, json } of await headSection(executor, projectId)) {
    yield `,\n"${name}":${json}`;
  }
  yield* listOf('tasks', taskSection(executor, projectId), onTasks);
  yield* listOf('comments', commentSection(executor, projectId));
  yield* listOf('links', linkSection(executor, projectId));
  yield* listOf('activity', activitySection(executor, projectId));
  yield '}\n';
}

async function* listOf(
  name: string,
  pages: AsyncIterable<readonly { readonly json: string }[]>,
  onPage: (count: number) => void = () => undefined,
): AsyncGenerator<string> {
  yield `,\n"${name}":[`;
  let between = '\n';
  for await (const rows of pages) {
    yield between + rows.map(({ json }) => json).join(',\n');
    between = ',\n';
    onPage(rows.length);
  }
  yield ']';
}

async function* tasksCsv({ executor, projectId, onTasks }: ArchiveOptions): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(taskColumns);
  for await (const rows of taskTable(executor, projectId)) {
    yield rows.map(({ cells }) => csvLine(cells)).join('');
    onTasks(rows.length);
  }
}
