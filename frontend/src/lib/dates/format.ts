import { daysBetween } from './day.ts';
import { locale } from '../locale.ts';

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
const dayAndMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The exact moment, for titles and hovers. */
export const formatExact = (instant: string | Date) => exact.format(new Date(instant));

/** The time of the day. */
export const formatClock = (instant: string) => clock.format(new Date(instant));

/** A due date as people say it: Today, Tomorrow, Friday, 3 Mar; with the time unless it is an end of the day. */
export function formatDay(instant: string, now: Date): string {
  const date = new Date(instant);
  const minutes = date.getHours() * 60 + date.getMinutes();
  // The last minute of a day ends it, its first one begins it: both mean the day as a whole.
  const wholeDay = minutes === 0 || minutes === 24 * 60 - 1;
  const day = nameOfDay(date, now);
  return wholeDay ? day : `${day}, ${clock.format(date)}`;
}

/** {@link formatDay} without the time, for narrow places. */
export function formatShortDay(instant: string, now: Date): string {
  return nameOfDay(new Date(instant), now);
}

function nameOfDay(date: Date, now: Date): string {
  const days = daysBetween(now, date);
  if (days >= -1 && days <= 1) return capitalised(relative.format(days, 'day'));
  if (days > 1 && days < 7) return weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayAndMonth : dayMonthYear).format(date);
}

/** How long ago or ahead, coarsely: "5 minutes ago", "in 3 days", "2 Mar". */
export function formatAgo(instant: string, now: Date): string {
  const date = new Date(instant);
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return relative.format(0, 'second');
  if (size < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour');
  if (size < 14 * 86_400) return relative.format(daysBetween(now, date), 'day');
  return (date.getFullYear() === now.getFullYear() ? dayAndMonth : dayMonthYear).format(date);
}
