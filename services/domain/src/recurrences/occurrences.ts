/** A rule and where it begins. */
export interface Series {
  /** RRULE of RFC 5545, without its beginning. */
  readonly rule: string;
  readonly startsAt: Date;
  /** On whose clocks days are counted. */
  readonly timeZone: string;
}

/** A rule that has no date in so many periods has none. */
const maxIterations = 1_500;

/**
 * The first date of a series after an instant, by the clocks of its time zone; undefined when there is none. The
 * library is loaded when it is first needed: most processes never do.
 *
 * @throws RangeError for what is no rule, and for one whose next date cannot be found
 */
export async function nextOccurrence(series: Series, after: Date): Promise<Date | undefined> {
  const [{ RRuleTemporal }, { Temporal }] = await Promise.all([import('rrule-temporal'), import('temporal-polyfill')]);
  try {
    const start = Temporal.Instant.from(series.startsAt.toISOString()).toZonedDateTimeISO(series.timeZone);
    const rule = new RRuleTemporal({ temporal: Temporal, dtstart: start, rruleString: series.rule, maxIterations });
    const next = rule.next(after);
    return next === null ? undefined : new Date(next.epochMilliseconds);
  } catch (error) {
    throw new RangeError('the rule cannot be worked out', { cause: error });
  }
}
