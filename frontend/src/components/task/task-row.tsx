import type { Task } from '@taskflow/contract/tasks';
import { IconMessage, IconSubtask } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { useFlash } from '../../lib/live/flashes.ts';
import { t } from '../../lib/messages/translate.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import { isClosed } from '../../lib/tasks/filter.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { AvatarStack } from '../avatar.tsx';
import { DueBadge } from './due-badge.tsx';
import { FieldButton } from './field-button.tsx';
import { assigneesLabel, priorityLabel } from './field-labels.ts';
import { LabelChip, LabelDot } from './label-chip.tsx';
import { PriorityIcon } from './priority-icon.tsx';
import { StatusIcon } from './status-icon.tsx';
import { TaskLink } from './task-link.tsx';
import classes from './task-row.module.css';

interface TaskRowProps {
  readonly task: Task;
  readonly open?: boolean;
  /** Names the project, in lists across projects. */
  readonly withProject?: boolean;
}

/** A task as a line; every field is changed in place by the same pickers as on a card. */
export const TaskRow = memo(function TaskRow({ task, open = false, withProject = false }: TaskRowProps) {
  const scope = useWorkspaceScope();
  const flash = useFlash(task.id);
  const status = useQuery(statusesQuery(task.projectId)).data?.find((other) => other.id === task.statusId);
  const labels = task.labelIds.flatMap((id) => scope.labelById.get(id) ?? []);
  const project = withProject ? scope.projectById.get(task.projectId) : undefined;
  return (
    <li>
      <article
        className={classes['row']}
        aria-label={task.title}
        data-task-id={task.id}
        data-open={open || undefined}
        data-flash={flash}
      >
        <FieldButton task={task} field="priority" label={priorityLabel(task)}>
          <PriorityIcon priority={task.priority} />
        </FieldButton>
        <span className={classes['key']}>{task.key}</span>
        <FieldButton task={task} field="status" label={`${t('task.status')}: ${status?.name ?? ''}`}>
          <StatusIcon category={task.category} color={status?.color ?? 'var(--text-3)'} />
        </FieldButton>
        <TaskLink taskKey={task.key} className={`${classes['title']} ${isClosed(task) ? classes['closed'] : ''}`}>
          {task.title}
        </TaskLink>
        <Tallies task={task} />
        <span className={classes['labels']}>
          {labels.map((label) => (
            <LabelChip key={label.id} label={label} />
          ))}
        </span>
        {project !== undefined && (
          <span className={classes['project']}>
            <LabelDot color={project.color} />
            {project.name}
          </span>
        )}
        <span className={classes['due']}>
          {task.dueAt !== null && (
            <FieldButton task={task} field="due" label={t('picker.due')}>
              <DueBadge task={task} />
            </FieldButton>
          )}
        </span>
        <span className={classes['people']}>
          <FieldButton task={task} field="assignees" label={assigneesLabel(task, scope)}>
            <AvatarStack userIds={task.assigneeIds} />
          </FieldButton>
        </span>
      </article>
    </li>
  );
});

function Tallies({ task: { counts } }: { readonly task: Task }) {
  return (
    <>
      {counts.subtasks > 0 && (
        <span
          className={classes['tally']}
          title={t('task.subtaskProgress', { done: counts.completedSubtasks, total: counts.subtasks })}
        >
          <IconSubtask size={14} stroke={1.7} aria-hidden />
          {counts.completedSubtasks}/{counts.subtasks}
        </span>
      )}
      {counts.comments > 0 && (
        <span className={classes['tally']} title={t('task.comments', { count: counts.comments })}>
          <IconMessage size={14} stroke={1.7} aria-hidden />
          {counts.comments}
        </span>
      )}
    </>
  );
}
