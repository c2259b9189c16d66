import { z } from 'zod';
import { timeZoneName } from '../http/index.ts';

/** When the next task of a series is made: once this one is completed, or once it is due. */
export const recurrenceModes = ['completion', 'schedule'] as const;
/** See {@link recurrenceModes}. */
export type RecurrenceMode = (typeof recurrenceModes)[number];

/**
 * A recurrence rule (RFC 5545) of whole days: the time of the day is that of the task's due date, which it counts from.
 * COUNT and INTERVAL have three digits at most, so that no rule takes long to work out.
 */
const rule = z
  .string()
  .max(200)
  .regex(
    /^FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;(?:(?:INTERVAL|COUNT)=[1-9]\d{0,2}|(?:BYDAY|BYMONTHDAY|BYMONTH|BYSETPOS|UNTIL|WKST)=[A-Z0-9,-]+))*$/,
    'must be a recurrence rule of days, weeks, months or years, as in FREQ=WEEKLY;BYDAY=MO',
  );

/** How a task repeats; also the body of `PUT /tasks/{id}/recurrence`. */
export const recurrenceSchema = z.strictObject({
  rule,
  mode: z.enum(recurrenceModes),
  /** On whose clocks the days are counted. */
  timeZone: timeZoneName,
});
/** See {@link recurrenceSchema}. */
export type Recurrence = z.infer<typeof recurrenceSchema>;

/** Answer of the routes about the recurrence of a task; null when it does not repeat. */
export const taskRecurrenceSchema = z.strictObject({ recurrence: recurrenceSchema.nullable() });
