import { z } from 'zod';
import { id, instant, instantInput, line } from '../http/index.ts';
import { jobPriorities, jobStates, quarantineReasons } from '../jobs/index.ts';

/** Types of jobs that people may ask for. */
export const askableTypes = ['project.export', 'report.generate', 'project.import'] as const;
/** See {@link askableTypes}. */
export type AskableType = (typeof askableTypes)[number];

/** Body of `POST /jobs`. */
export const askJobBody = z.strictObject({
  type: z.enum(askableTypes),
  /** What the type takes; what does not fit is answered 422. */
  payload: z.record(z.string(), z.unknown()),
  /** Not more urgent than the type is by itself. */
  priority: z.enum(jobPriorities).optional(),
  /** Not before; within a year. */
  runAt: instantInput.optional(),
  /** While a job of the caller with this key has not ended, asking again answers that job. */
  uniqueKey: line(100).optional(),
});
/** See {@link askJobBody}. */
export type AskJobBody = z.infer<typeof askJobBody>;

/** A file that can be had at `GET /blobs/{id}`. */
export const storedFileSchema = z.strictObject({
  id,
  fileName: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** When it goes; null: never by itself. */
  expiresAt: instant.nullable(),
});
/** See {@link storedFileSchema}. */
export type StoredFile = z.infer<typeof storedFileSchema>;

/** A job that somebody asked for, as they see it. */
export const askedJobSchema = z.strictObject({
  id,
  type: z.enum(askableTypes),
  state: z.enum(jobStates),
  /** Why it waits for an operator or for better times; null in any other state. */
  reason: z.enum(quarantineReasons).nullable(),
  errorCode: z.string().nullable(),
  /** In [0, 1]; null before the first attempt says something. */
  progress: z.number().nullable(),
  project: z.strictObject({ id, name: z.string() }).nullable(),
  payload: z.record(z.string(), z.unknown()),
  /** What came of it, by type; null until it succeeded. */
  result: z.record(z.string(), z.unknown()).nullable(),
  /** What there is to download. */
  files: z.array(storedFileSchema),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
});
/** See {@link askedJobSchema}. */
export type AskedJob = z.infer<typeof askedJobSchema>;
