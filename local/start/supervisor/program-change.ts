import { isDeepStrictEqual } from 'node:util';
import type { Program } from './program.ts';

/**
 * What an edit of a program asks for: `adjusted` changes only rules for later (timeouts, restarts, probes) and
 * `rescaled` the number of instances as well; both leave running processes alone. `restarted` cannot.
 */
export type ProgramChange = 'unchanged' | 'adjusted' | 'rescaled' | 'restarted';

/** Fields that a running process cannot take on. */
const NEEDS_RESTART = ['command', 'args', 'env', 'cwd'] as const;

/** Compares a program before and after an edit. */
export function compareProgram(before: Program, after: Program): ProgramChange {
  if (isDeepStrictEqual(before, after)) {
    return 'unchanged';
  }
  if (NEEDS_RESTART.some((field) => !isDeepStrictEqual(before[field], after[field]))) {
    return 'restarted';
  }
  return before.instances === after.instances ? 'adjusted' : 'rescaled';
}
