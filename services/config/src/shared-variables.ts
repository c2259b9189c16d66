import type { z } from 'zod';
import { oneOf } from './variable-types.ts';

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
