import { z } from 'zod';
import { id } from '../http/index.ts';

/** What an import can be made of: any table, our own export, and the exports of Trello and Vikunja. */
export const importFormats = ['csv', 'taskflow', 'trello', 'vikunja'] as const;
/** See {@link importFormats}. */
export type ImportFormat = (typeof importFormats)[number];

/** Parts of a task that a column of a table can become. */
export const importFields = [
  'title',
  'description',
  'status',
  'priority',
  'assignees',
  'labels',
  'start',
  'due',
  'estimate',
  'key',
  'parent',
  'completed',
] as const;
/** See {@link importFields}. */
export type ImportField = (typeof importFields)[number];

/** The largest file that an import takes. */
export const maxUploadBytes = 20 * 1_024 * 1_024;

const column = z.number().int().min(0).max(499);

/** Which column of a table, counted from 0, becomes which part of a task. */
export const columnMapping = z
  .partialRecord(z.enum(importFields), column)
  .refine(({ title }) => title !== undefined, 'must say which column is the title');
/** See {@link columnMapping}. */
export type ColumnMapping = z.infer<typeof columnMapping>;

/** `project.import`: tasks of a file that was uploaded before become tasks of a project, all of them at once or none. */
export const projectImportPayload = z.strictObject({
  projectId: id,
  /** Of `POST /projects/{id}/uploads`. */
  fileId: id,
  format: z.enum(importFormats),
  /** For tables. @default by the headings */
  mapping: columnMapping.optional(),
  /** Only looks for problems. @default false */
  dryRun: z.boolean().optional(),
  /** Leaves out what has problems; otherwise nothing is imported when something has. @default false */
  skipInvalid: z.boolean().optional(),
});
/** See {@link projectImportPayload}. */
export type ProjectImportPayload = z.infer<typeof projectImportPayload>;

/** Query of `POST /projects/{id}/uploads`. */
export const uploadQuery = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  workspace: z.string().optional(),
});

/** A file that was uploaded, and what its first lines look like. */
export const uploadSchema = z.strictObject({
  id,
  fileName: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** What it seems to be. */
  format: z.enum(importFormats),
  /** Of a table: its headings, its first lines, and which column seems to be what. */
  table: z
    .strictObject({
      columns: z.array(z.string()),
      rows: z.array(z.array(z.string())),
      mapping: z.partialRecord(z.enum(importFields), column),
    })
    .nullable(),
});
/** See {@link uploadSchema}. */
export type Upload = z.infer<typeof uploadSchema>;

/** Something about a line of an import. */
export const importProblemSchema = z.strictObject({
  /** The line of a table, or the place of a task in a list, from 1; 0 is the file as a whole. */
  line: z.number().int().nonnegative(),
  /** The part of the task that it is about. */
  field: z.string().nullable(),
  message: z.string(),
  /** Whether it keeps the task from being imported. */
  isFatal: z.boolean(),
});
/** See {@link importProblemSchema}. */
export type ImportProblem = z.infer<typeof importProblemSchema>;
