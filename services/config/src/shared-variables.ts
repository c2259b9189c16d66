import { lifecycleDefaults } from '@taskflow/contract/platform';
import type { z } from 'zod';
import { oneOf, origin, port, type StorageLocation, storageLocation, url, wholeNumber } from './variable-types.ts';

/** Severities of log lines, `silent` being none. */
export type LogLevelName = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** The least severe line that is logged. */
export const logLevel: z.ZodType<LogLevelName, string | undefined> = oneOf(
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'fatal',
  'silent',
)
  .prefault('info')
  .describe('The least severe line that is logged.');

/** The mail server. @param uses what follows from it in this process, one sentence */
export const smtpUrl = (uses: string): z.ZodType<string | undefined, string | undefined> =>
  url('smtp', 'smtps')
    .refine((text) => new URL(text).hostname !== '', 'must name a host')
    .optional()
    .describe(`Mail server, as in smtps://user:password@host. ${uses}`);

/** PostgreSQL, for processes that read and write rows. */
export const databaseUrl: z.ZodType<string, string> = url('postgres', 'postgresql').describe(
  'PostgreSQL as the role taskflow_app.',
);

/** Size of a process's pool. @param ofWhat who uses it, in a few words */
export const databasePoolMax = (ofWhat: string): z.ZodType<number, string | undefined> =>
  wholeNumber(2, 200).prefault('10').describe(`Most connections to PostgreSQL ${ofWhat}.`);

/** Deadline of each statement. */
export const databaseStatementTimeoutMs: z.ZodType<number, string | undefined> = wholeNumber(100, 600_000)
  .prefault('10000')
  .describe('Longest a statement may run, in ms.');

/** Origin that people see. @param uses what follows it in this process, one sentence */
export const publicUrl = (uses: string): z.ZodType<string, string> =>
  origin().describe(`Where people reach TaskFlow: scheme, host and port, no path. ${uses}`);

/** Where probes and metrics are served. @param usual the port unless the environment says otherwise */
export const managementPort = (usual: number): z.ZodType<number, string | undefined> =>
  port().prefault(String(usual)).describe('Port of probes and metrics. Not for the outside.');

/** How long work under way may take when the process leaves. @param work what that is, in a few words */
export const gracePeriodMs = (work: string): z.ZodType<number, string | undefined> =>
  wholeNumber(0, 3_600_000)
    .prefault(String(lifecycleDefaults.gracePeriodMs))
    .describe(`How long ${work} under way may take to finish after that, in ms.`);

/** Where files go. */
export const storageUrl: z.ZodType<StorageLocation, string | undefined> = storageLocation()
  .prefault('postgres:')
  .describe(
    'Where files are kept (exports, reports, imports): postgres: is the database, file:///path a directory that all processes share.',
  );
