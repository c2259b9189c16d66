import type { ImportProblem } from '@taskflow/contract/exchange';
import { instantInput, line, prose } from '@taskflow/contract/http';
import { type StatusCategory, statusCategories } from '@taskflow/contract/projects';
import { type Priority, priorities } from '@taskflow/contract/tasks';
import { z } from 'zod';
import type { RawTask } from './raw-task.ts';

/** A task that waits to be imported. Its id is its own already, so that another attempt makes the same one. */
export interface ImportTask {
  readonly id: string;
  readonly line: number;
  readonly title: string;
  readonly description: string;
  readonly status: string | null;
  readonly category: StatusCategory | null;
  readonly priority: Priority;
  readonly assigneeIds: readonly string[];
  readonly labels: readonly string[];
  readonly startAt: string | null;
  readonly dueAt: string | null;
  readonly completedAt: string | null;
  readonly estimate: number | null;
  readonly key: string | null;
  readonly parent: string | null;
  readonly comments: readonly { readonly id: string; readonly body: string }[];
}

/** A task of a file: to be imported, or not; and what there is to say about it. */
export interface CheckedTask {
  /** Undefined when it cannot be imported. */
  readonly task: ImportTask | undefined;
  readonly problems: readonly ImportProblem[];
}

/** Finds somebody whom tasks of the project can be assigned to. @param name an address or a name, in lower case */
export type FindPerson = (name: string) => string | undefined;

const day = z.iso.date().transform((text) => `${text}T00:00:00.000Z`);
const instantOrDay = z.union(
  [day.pipe(instantInput), instantInput],
  'is no date as in 2026-03-04 or 2026-03-04T10:00:00Z',
);
const estimateText = z
  .string()
  .regex(/^\d{1,6}(?:[.,]\d{1,2})?$/, 'is no number from 0 to 100,000 with at most two decimals')
  .transform((text) => Number(text.replace(',', '.')))
  .pipe(z.number().max(100_000));
const categoryText = z.enum(statusCategories);
const priorityText = z.enum(priorities);
const labelText = line(50);
const mostLabels = 50;

/** Holds a task of a file against what a task may be. */
export function checkTask(raw: RawTask, options: { findPerson: FindPerson; newId: () => string }): CheckedTask {
  const problems: ImportProblem[] = [];
  const tell = (field: string, message: string, isFatal: boolean) =>
    void problems.push({ line: raw.line, field, message, isFatal });

  function read<Output>(field: string, schema: z.ZodType<Output>, value: unknown): Output | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) {
      return parsed.data;
    }
    tell(field, parsed.error.issues[0]?.message ?? 'is not valid', true);
    return undefined;
  }
  const readFilled = <Output>(field: string, schema: z.ZodType<Output>, value: string | undefined) =>
    value === undefined || value.trim() === '' ? null : (read(field, schema, value.trim()) ?? null);

  const title = read('title', line(500), raw.title.replaceAll(/\s+/g, ' '));
  const task = {
    id: options.newId(),
    line: raw.line,
    description: read('description', prose(100_000), raw.description ?? '') ?? '',
    status: readFilled('status', line(50), raw.status),
    category: categoryText.safeParse(raw.category).data ?? null,
    priority: priorityOf(raw.priority, tell),
    assigneeIds: peopleOf(raw.assignees ?? [], options.findPerson, tell),
    labels: labelsOf(raw.labels ?? [], read),
    startAt: readFilled('start', instantOrDay, raw.start),
    dueAt: readFilled('due', instantOrDay, raw.due),
    completedAt: instantOrDay.safeParse(raw.completed?.trim()).data ?? null,
    estimate: readFilled('estimate', estimateText, raw.estimate),
    key: textOf(raw.key),
    parent: textOf(raw.parent),
    comments: (raw.comments ?? []).flatMap(({ author, at, body }) => {
      const whole = read('comments', prose(50_000), `**${author}**, ${at.slice(0, 10)}:\n\n${body}`);
      return whole === undefined ? [] : [{ id: options.newId(), body: whole }];
    }),
  };
  const isFit = title !== undefined && problems.every(({ isFatal }) => !isFatal);
  return { task: isFit ? { ...task, title } : undefined, problems };
}

type Tell = (field: string, message: string, isFatal: boolean) => void;

/** By which tasks of a file name each other; nothing of it is kept. */
const textOf = (text: string | undefined): string | null => {
  const trimmed = text?.trim().replaceAll('\u0000', '').slice(0, 200) ?? '';
  return trimmed === '' ? null : trimmed;
};

function priorityOf(text: string | undefined, tell: Tell): Priority {
  const word = text?.trim().toLowerCase() ?? '';
  const parsed = priorityText.safeParse(word === '' ? 'none' : word);
  if (!parsed.success) {
    tell('priority', `is none of ${priorities.join(', ')}; the task gets none`, false);
  }
  return parsed.data ?? 'none';
}

function peopleOf(names: readonly string[], findPerson: FindPerson, tell: Tell): string[] {
  const ids = new Set<string>();
  for (const name of names.map((text) => text.trim()).filter((text) => text !== '')) {
    const id = findPerson(name.toLowerCase());
    if (id === undefined) {
      tell(
        'assignees',
        `${name.slice(0, 100).replaceAll('\u0000', '')} is nobody in this project; the task is not assigned to them`,
        false,
      );
    } else {
      ids.add(id);
    }
  }
  return [...ids].slice(0, 50);
}

function labelsOf(
  names: readonly string[],
  read: (field: string, schema: z.ZodType<string>, value: string) => string | undefined,
): string[] {
  const labels = new Map<string, string>();
  for (const name of names.filter((text) => text.trim() !== '')) {
    const label = read('labels', labelText, name);
    if (label !== undefined) {
      labels.set(label.toLowerCase(), label);
    }
  }
  return [...labels.values()].slice(0, mostLabels);
}
