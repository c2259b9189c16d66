import { oneOf } from './variable-types.ts';

/** The least severe line that is logged. */
export const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')
  .prefault('info')
  .describe('The least severe line that is logged.');
