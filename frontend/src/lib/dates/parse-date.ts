import { addDays, atTime } from './day.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const numbers: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6 };

/** The end of a day in the person's time zone; what a due date without a time means. */
export const endOfDay = (date: Date) => atTime(date, 23, 59);

/**
 * Understands a date as people write it: "tomorrow 9am", "fri", "next monday", "in 2 weeks", "3 mar", "2026-03-01",
 * "18:30". Without a time it is the end of that day. Undefined when nothing is understood.
 */
export function parseDate(text: string, now: Date): Date | undefined {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (words === '') return undefined;
  const { time, rest } = takeTime(words);
  const day = rest === '' && time !== undefined ? now : parseDay(rest, now);
  if (day === undefined) return undefined;
  return time === undefined ? endOfDay(day) : atTime(day, time.hours, time.minutes);
}

interface ClockTime {
  readonly hours: number;
  readonly minutes: number;
}

function takeTime(words: string): { time: ClockTime | undefined; rest: string } {
  const match = /(?:^|[ ,])(?:at )?(?:(\d{1,2}):(\d{2})\s?(am|pm)?|(\d{1,2})\s?(am|pm)|(noon))$/.exec(words);
  if (match === null) return { time: undefined, rest: words };
  const rest = words.slice(0, match.index).replace(/[ ,]+$/, '');
  if (match[6] !== undefined) return { time: { hours: 12, minutes: 0 }, rest };
  const half = match[3] ?? match[5];
  const hours = Number(match[1] ?? match[4]);
  const minutes = Number(match[2] ?? 0);
  if (minutes > 59 || hours > (half === undefined ? 23 : 12)) return { time: undefined, rest: words };
  return { time: { hours: half === undefined ? hours : (hours % 12) + (half === 'pm' ? 12 : 0), minutes }, rest };
}

function parseDay(words: string, now: Date): Date | undefined {
  if (words === 'today' || words === 'tod') return now;
  if (words === 'tomorrow' || words === 'tom') return addDays(now, 1);
  if (words === 'yesterday') return addDays(now, -1);
  if (words === 'next week') return comingWeekday(1, now);
  if (words === 'next month') return new Date(now.getFullYear(), now.getMonth() + 1, 1);
  return parseWeekday(words, now) ?? parseDistance(words, now) ?? parseCalendarDay(words, now);
}

function comingWeekday(weekday: number, now: Date): Date {
  return addDays(now, ((weekday - now.getDay() + 6) % 7) + 1);
}

function parseWeekday(words: string, now: Date): Date | undefined {
  const match = /^(?:(?:this|next|on) )?([a-z]{3,})$/.exec(words);
  const name = match?.[1] ?? '';
  const full = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
  const weekday = weekdays.indexOf(name.slice(0, 3));
  if (weekday === -1 || !(full[weekday] ?? '').startsWith(name)) return undefined;
  return comingWeekday(weekday, now);
}

function parseDistance(words: string, now: Date): Date | undefined {
  const match = /^(?:in )?(\d{1,3}|[a-z]+) ?(d|days?|w|weeks?|months?)$/.exec(words);
  if (match === null) return undefined;
  const amount = numbers[match[1] ?? ''] ?? Number(match[1]);
  if (!Number.isInteger(amount)) return undefined;
  const unit = match[2] ?? '';
  if (unit.startsWith('m')) return new Date(now.getFullYear(), now.getMonth() + amount, now.getDate());
  return addDays(now, unit.startsWith('w') ? amount * 7 : amount);
}

function parseCalendarDay(words: string, now: Date): Date | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words);
  if (iso !== null) return calendarDay(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const named = /^(?:(\d{1,2})\.? ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2}))(?:,? (\d{4}))?$/.exec(words);
  if (named === null) return undefined;
  const month = months.indexOf((named[2] ?? named[3] ?? '').slice(0, 3));
  const day = Number(named[1] ?? named[4]);
  if (month === -1) return undefined;
  if (named[5] !== undefined) return calendarDay(Number(named[5]), month, day);
  const thisYear = calendarDay(now.getFullYear(), month, day);
  // "3 mar" in December means the coming one.
  return thisYear !== undefined && thisYear < addDays(now, -1)
    ? calendarDay(now.getFullYear() + 1, month, day)
    : thisYear;
}

function calendarDay(year: number, month: number, day: number): Date | undefined {
  const date = new Date(year, month, day);
  return date.getMonth() === month && date.getDate() === day ? date : undefined;
}
