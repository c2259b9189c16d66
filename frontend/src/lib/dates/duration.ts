import { locale } from '../locale.ts';

const inUnit = (unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' });
const units = {
  millisecond: inUnit('millisecond'),
  second: inUnit('second'),
  minute: inUnit('minute'),
  hour: inUnit('hour'),
  day: inUnit('day'),
};

/** A duration in the largest unit that says enough: "340ms", "42s", "3m", "5h", "2d". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return units.millisecond.format(Math.max(0, Math.round(durationMs)));
  const seconds = durationMs / 1_000;
  if (seconds < 120) return units.second.format(Math.round(seconds));
  if (seconds < 7_200) return units.minute.format(Math.round(seconds / 60));
  if (seconds < 172_800) return units.hour.format(Math.round(seconds / 3_600));
  return units.day.format(Math.round(seconds / 86_400));
}

/** From an instant until another one, in milliseconds. */
export const msBetween = (from: string | Date, to: string | Date): number =>
  new Date(to).getTime() - new Date(from).getTime();
