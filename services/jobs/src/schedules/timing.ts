import { Cron } from 'croner';

/** When something happens again and again. */
export interface Timing {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name, as in `Europe/Berlin`. */
  readonly timeZone: string;
}

/** What is wrong with a timing, and in which of its fields. */
export interface TimingProblem {
  readonly field: keyof Timing;
  readonly message: string;
}

/** Croner also takes instants and names like `@daily`, of which the second kind has six fields underneath. */
const fiveFields = /^\s*\S+(\s+\S+){4}\s*$/;

function parse({ cron, timeZone }: Timing): Cron {
  if (!fiveFields.test(cron)) {
    throw new RangeError('a cron expression has five fields');
  }
  // lists and ranges of hours count as times of the day too: each happens once in the night when clocks go back
  return new Cron(cron, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}

/**
 * The first time strictly after an instant, `undefined` when there is none. A time of the day that is left out when
 * clocks go forward happens at the moment when they do; one that comes twice when they go back happens the first
 * time. What is repeated within a day (a `*` or a step in minutes or hours) follows the clock through both.
 *
 * @throws when the timing is not valid, see {@link timingProblem}
 */
export function nextRun(timing: Timing, after: Date): Date | undefined {
  return parse(timing).nextRun(after) ?? undefined;
}

/** What is wrong with a timing, `undefined` when it is valid. */
export function timingProblem({ cron, timeZone }: Timing): TimingProblem | undefined {
  try {
    Intl.DateTimeFormat('en', { timeZone });
  } catch {
    return { field: 'timeZone', message: 'is not a time zone' };
  }
  try {
    return nextRun({ cron, timeZone }, new Date(0)) === undefined
      ? { field: 'cron', message: 'never happens' }
      : undefined;
  } catch {
    return { field: 'cron', message: 'is not five cron fields: minute, hour, day, month, day of week' };
  }
}
