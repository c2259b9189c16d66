import { z } from 'zod';
import { id, instant } from '../http/index.ts';

/** An IANA name, as in `Europe/Berlin`. */
const timeZone = z.string().min(1).max(100).refine(isTimeZone, 'is not a time zone');

function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) {
    // an offset, whose sign PostgreSQL reads the other way round (POSIX)
    return false;
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}

const common = {
  /** In which days begin and dates are printed. @default UTC */
  timeZone: timeZone.optional(),
  /** Also sent to whoever asked. @default false */
  mail: z.boolean().optional(),
};

/** `report.generate`: what a team did in the last seven full days, or where a project is. */
export const reportGeneratePayload = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('weekly'), workspaceId: id, ...common }),
  z.strictObject({ kind: z.literal('project-status'), projectId: id, ...common }),
]);
/** See {@link reportGeneratePayload}. */
export type ReportGeneratePayload = z.infer<typeof reportGeneratePayload>;

/** Body of `POST /workspaces/{id}/report-schedules`: once a week, by mail. */
export const createReportScheduleBody = z.strictObject({
  kind: z.enum(['weekly', 'project-status']),
  /** Of `project-status`. */
  projectId: id.optional(),
  /** 0 is Sunday. */
  weekday: z.number().int().min(0).max(6),
  hour: z.number().int().min(0).max(23),
  timeZone,
});
/** See {@link createReportScheduleBody}. */
export type CreateReportScheduleBody = z.infer<typeof createReportScheduleBody>;

/** A report that somebody gets each week. */
export const reportScheduleSchema = z.strictObject({
  id,
  kind: z.enum(['weekly', 'project-status']),
  project: z.strictObject({ id, name: z.string() }).nullable(),
  weekday: z.number().int().min(0).max(6),
  hour: z.number().int().min(0).max(23),
  timeZone: z.string(),
  nextRunAt: instant.nullable(),
  lastRunAt: instant.nullable(),
  createdAt: instant,
});
/** See {@link reportScheduleSchema}. */
export type ReportSchedule = z.infer<typeof reportScheduleSchema>;
