/**
 * A moment of the story, told from the first start on: `-12d 09:30` is half past nine, twelve working days ago;
 * `40min` is forty minutes ago. History keeps to working days, so that no chart shows a busy Sunday.
 */
export type Moment = `-${number}d ${number}:${number}` | `${number}min`;

const MINUTE_MS = 60_000;

/** @throws Error for a text that is no moment */
export function resolveMoment(moment: Moment, now: Date): Date {
  const [, minutes] = /^(\d+)min$/.exec(moment) ?? [];
  if (minutes !== undefined) {
    return new Date(now.getTime() - Number(minutes) * MINUTE_MS);
  }
  const [, days, hour, minute] = /^-(\d+)d (\d\d):(\d\d)$/.exec(moment) ?? [];
  if (days === undefined || hour === undefined || minute === undefined) {
    throw new Error(`"${moment}" is no moment of the story.`);
  }
  return atTime(addWorkingDays(now, -Number(days)), Number(hour), Number(minute));
}

/** The end of a working day from today on; 0 is today, whatever day that is. */
export function dueIn(workingDays: number, now: Date): string {
  return atTime(addWorkingDays(now, workingDays), 23, 59).toISOString();
}

/** The morning of a working day from today on. */
export function startIn(workingDays: number, now: Date): string {
  return atTime(addWorkingDays(now, workingDays), 0, 0).toISOString();
}

function addWorkingDays(from: Date, workingDays: number): Date {
  const direction = Math.sign(workingDays);
  const day = new Date(from);
  for (let left = Math.abs(workingDays); left > 0; ) {
    day.setDate(day.getDate() + direction);
    if (day.getDay() !== 0 && day.getDay() !== 6) {
      left -= 1;
    }
  }
  return day;
}

function atTime(day: Date, hours: number, minutes: number): Date {
  const moment = new Date(day);
  moment.setHours(hours, minutes, 0, 0);
  return moment;
}
