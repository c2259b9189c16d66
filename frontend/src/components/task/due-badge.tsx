import type { Task } from '@taskflow/contract/tasks';
import { IconAlertCircle, IconCalendar, IconClock } from '@tabler/icons-react';
import { formatDay, formatExact, formatShortDay } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { bucketOf } from '../../lib/tasks/filter.ts';
import { useNow } from '../../lib/use-now.ts';
import classes from './due-badge.module.css';

interface DueBadgeProps {
  readonly task: Task;
  /** Says the time of day too. */
  readonly long?: boolean;
}

/** When a task is due: relative, the exact moment on hover; overdue and today by icon and colour. */
export function DueBadge({ task, long = false }: DueBadgeProps) {
  const now = useNow();
  if (task.dueAt === null) return null;
  const bucket = bucketOf(task, now);
  const text = long ? formatDay(task.dueAt, now) : formatShortDay(task.dueAt, now);
  const exact = formatExact(task.dueAt);
  return (
    <span
      className={classes['due']}
      data-bucket={bucket}
      title={bucket === 'overdue' ? t('task.overdue', { when: exact }) : t('task.dueAt', { when: exact })}
    >
      {bucket === 'overdue' && <IconAlertCircle size={14} stroke={2} aria-label={t('due.overdue')} />}
      {bucket === 'today' && <IconClock size={14} stroke={2} aria-hidden />}
      {bucket !== 'overdue' && bucket !== 'today' && <IconCalendar size={14} stroke={1.7} aria-hidden />}
      {text}
    </span>
  );
}
