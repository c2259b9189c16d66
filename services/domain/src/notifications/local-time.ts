/** What a clock on a wall shows. */
interface WallTime {
  /** As in 2026-03-29. */
  readonly date: string;
  /** Since midnight. */
  readonly minutes: number;
}

/** When mail is not wanted, as times of the day. */
export interface QuietTime {
  readonly from: string;
  readonly until: string;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The hour at which people get what has come together. */
const morningMinutes = 8 * 60;

function wallTime(at: Date, timeZone: string): WallTime {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

const asIfUtc = ({ date, minutes }: WallTime): number => Date.parse(`${date}T00:00:00Z`) + minutes * minuteMs;

/**
 * When clocks there show this. A time that is left out in spring is read as an hour later, of one that comes twice in
 * autumn the first is meant.
 */
function instantOf(wall: WallTime, timeZone: string): Date {
  const wanted = asIfUtc(wall);
  const offsetAt = (ms: number) => asIfUtc(wallTime(new Date(ms), timeZone)) - ms;
  const before = offsetAt(wanted - dayMs);
  const after = offsetAt(wanted + dayMs);
  const fits = [before, after].map((offset) => wanted - offset).filter((ms) => wanted - ms === offsetAt(ms));
  return new Date(fits.length === 0 ? wanted - before : Math.min(...fits));
}

const dateBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - dayMs).toISOString().slice(0, 10);
const dateAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);

/** The latest time, at most a day ago, at which it was eight in the morning there. */
export function lastMorning(now: Date, timeZone: string): Date {
  const { date } = wallTime(now, timeZone);
  const today = instantOf({ date, minutes: morningMinutes }, timeZone);
  return today <= now ? today : instantOf({ date: dateBefore(date), minutes: morningMinutes }, timeZone);
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The end of the quiet hours that it is; undefined when it is none. */
export function endOfQuiet(now: Date, quiet: QuietTime | undefined, timeZone: string): Date | undefined {
  if (quiet === undefined) {
    return undefined;
  }
  const [from, until] = [minutesOf(quiet.from), minutesOf(quiet.until)];
  const { date, minutes } = wallTime(now, timeZone);
  const isQuiet = from < until ? minutes >= from && minutes < until : minutes >= from || minutes < until;
  if (!isQuiet) {
    return undefined;
  }
  return instantOf({ date: minutes < until ? date : dateAfter(date), minutes: until }, timeZone);
}
