import { type BuiltInSchedule, defineSchedule } from '@taskflow/jobs';
import { notificationDigest, reminderDue } from './job-types.ts';

/** Shortly after every half hour, since that is when somewhere on earth a morning begins. */
export const notificationSchedules: readonly BuiltInSchedule[] = [
  defineSchedule('notification.digest', notificationDigest, {}, { cron: '2,32 * * * *' }),
  defineSchedule('reminder.due', reminderDue, {}, { cron: '1,31 * * * *' }),
];
