import { type BuiltInSchedule, defineSchedule } from '@taskflow/jobs';
import { taskRecur } from './job-types.ts';

/** Tasks that repeat on schedule come within minutes of their time. */
export const recurrenceSchedules: readonly BuiltInSchedule[] = [
  defineSchedule('task.recur', taskRecur, {}, { cron: '*/5 * * * *' }),
];
