import { Readable } from 'node:stream';
import { type ColumnMapping, type ImportField, importFields } from '@taskflow/contract/exchange';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { unguarded } from '../../exchange/csv.ts';
import { type RawTask, UnreadableFileError, utf8 } from '../raw-task.ts';

/** A line of a table; its number counts from 1, line breaks within cells included. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const longestRow = 1_000_000;

/** Headings by which columns are found, in lower case. Those of our own export come first. */
const headings: Readonly<Record<ImportField, readonly string[]>> = {
  title: ['title', 'name', 'task', 'summary', 'subject', 'card name'],
  description: ['description', 'notes', 'details', 'body', 'card description'],
  status: ['status', 'state', 'list', 'list name', 'column', 'section/column'],
  priority: ['priority'],
  assignees: ['assignees', 'assignee', 'assigned to', 'members', 'owner'],
  labels: ['labels', 'label', 'tags', 'tag'],
  start: ['start', 'start date'],
  due: ['due', 'due date', 'deadline'],
  estimate: ['estimate', 'points', 'story points'],
  key: ['key', 'id', 'task id', 'issue key', 'card id'],
  parent: ['parent', 'parent task', 'parent id'],
  completed: ['completed', 'completed at', 'done', 'closed'],
};

/** Which column seems to be what. */
export function suggestMapping(columns: readonly string[]): Partial<Record<ImportField, number>> {
  const names = columns.map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    importFields.flatMap((field) => {
      const found = headings[field].map((heading) => names.indexOf(heading)).find((index) => index >= 0);
      return found === undefined ? [] : [[field, found] as const];
    }),
  );
}

/** Lines of a table, the headings first. @throws UnreadableFileError when it is no table, or not in UTF-8 */
export async function* csvRows(content: AsyncIterable<Buffer>): AsyncGenerator<CsvRow> {
  const text = withDelimiter(utf8(content));
  const { value: delimiter } = await text.next();
  const parser = parse({
    bom: true,
    delimiter: delimiter ?? ',',
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const source = Readable.from(text, { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const record of source.pipe(parser)) {
      yield rowOf(record);
    }
  } catch (cause) {
    if (cause instanceof CsvError) {
      const line = typeof cause['lines'] === 'number' ? cause['lines'] : 0;
      throw new UnreadableFileError('The file is no table: a quote is not closed, or a line is too long', line, {
        cause,
      });
    }
    throw cause;
  } finally {
    source.destroy();
  }
}

/** Says first by what the cells are separated, as the first line shows; then all of the text. */
async function* withDelimiter(text: AsyncIterable<string>): AsyncGenerator<string, void> {
  let isFirst = true;
  for await (const piece of text) {
    if (piece === '') {
      continue;
    }
    if (isFirst) {
      isFirst = false;
      const [line = ''] = piece.split(/\r?\n/, 1);
      const count = (mark: string) => line.split(mark).length;
      yield [',', ';', '\t'].toSorted((left, right) => count(right) - count(left))[0] ?? ',';
    }
    yield piece;
  }
}

const parsedRecord = z.object({ info: z.object({ lines: z.number() }), record: z.array(z.string()) });

function rowOf(parsed: unknown): CsvRow {
  const { info, record } = parsedRecord.parse(parsed);
  return { line: info.lines, cells: record.map(unguarded) };
}

/** Tasks of a table. @throws UnreadableFileError also when no column is the title */
export async function* csvTasks(
  content: AsyncIterable<Buffer>,
  given: ColumnMapping | undefined,
): AsyncGenerator<RawTask> {
  let mapping: Partial<Record<ImportField, number>> | undefined;
  for await (const { line, cells } of csvRows(content)) {
    if (mapping === undefined) {
      mapping = given ?? suggestMapping(cells);
      if (mapping.title === undefined || mapping.title >= cells.length) {
        throw new UnreadableFileError('No column is the title of the tasks', line);
      }
    } else {
      yield taskOf(line, cells, mapping);
    }
  }
}

function taskOf(line: number, cells: readonly string[], mapping: Partial<Record<ImportField, number>>): RawTask {
  const cell = (field: ImportField): string | undefined => {
    const index = mapping[field];
    return index === undefined ? undefined : cells[index];
  };
  const listed = (field: ImportField) => cell(field)?.split(/[;,]/);
  return {
    line,
    title: cell('title') ?? '',
    description: cell('description'),
    status: cell('status'),
    priority: cell('priority'),
    assignees: listed('assignees'),
    labels: listed('labels'),
    start: cell('start'),
    due: cell('due'),
    estimate: cell('estimate'),
    key: cell('key'),
    parent: cell('parent'),
    completed: cell('completed'),
  };
}
