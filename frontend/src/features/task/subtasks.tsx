import { ActionIcon } from '@mantine/core';
import type { Task } from '@taskflow/contract/tasks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import { AvatarStack } from '../../components/avatar.tsx';
import { FieldButton } from '../../components/task/field-button.tsx';
import { assigneesLabel } from '../../components/task/field-labels.ts';
import { StatusIcon } from '../../components/task/status-icon.tsx';
import { TaskLink } from '../../components/task/task-link.tsx';
import { t } from '../../lib/messages/translate.ts';
import { newId } from '../../lib/new-id.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import { subtasksQuery } from '../../lib/queries/tasks.ts';
import { isClosed } from '../../lib/tasks/filter.ts';
import { byRank } from '../../lib/tasks/order.ts';
import { useWithPending } from '../../lib/tasks/pending-changes.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './task-panel.module.css';

const none: readonly Task[] = [];

/** The parts of a task, and a quick way to add one. */
export function Subtasks({ task }: { readonly task: Task }) {
  const { canWrite } = useWorkspaceScope();
  const { data } = useQuery(subtasksQuery(task));
  const subtasks = useWithPending(data?.items ?? none).toSorted(byRank);
  const [adding, setAdding] = useState(false);
  if (subtasks.length === 0 && !canWrite) return null;
  const done = subtasks.filter((subtask) => subtask.category === 'completed').length;
  return (
    <section aria-label={t('task.subtasks')}>
      <div className={classes['sectionHead']}>
        <h2 className={classes['sectionName']}>{t('task.subtasks')}</h2>
        {subtasks.length > 0 && (
          <span className={classes['sectionNote']}>{t('task.subtasksDone', { done, total: subtasks.length })}</span>
        )}
        {canWrite && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('task.addSubtask')} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </div>
      <ul>
        {subtasks.map((subtask) => (
          <Subtask key={subtask.id} task={subtask} />
        ))}
      </ul>
      {adding && <AddSubtask parent={task} onClose={() => setAdding(false)} />}
    </section>
  );
}

function Subtask({ task }: { readonly task: Task }) {
  const scope = useWorkspaceScope();
  const status = useQuery(statusesQuery(task.projectId)).data?.find((other) => other.id === task.statusId);
  return (
    <li className={classes['line']} data-task-id={task.id}>
      <FieldButton task={task} field="status" label={`${t('task.status')}: ${status?.name ?? ''}`}>
        <StatusIcon category={task.category} color={status?.color ?? 'var(--text-3)'} />
      </FieldButton>
      <TaskLink taskKey={task.key} className={classes['lineTitle']}>
        <span data-done={isClosed(task) || undefined}>{task.title}</span>
      </TaskLink>
      <FieldButton task={task} field="assignees" label={assigneesLabel(task, scope)}>
        <AvatarStack userIds={task.assigneeIds} />
      </FieldButton>
    </li>
  );
}

function AddSubtask({ parent, onClose }: { readonly parent: Task; readonly onClose: () => void }) {
  const { create } = useTaskActions();
  const [title, setTitle] = useState('');
  const key = useRef(newId());
  const add = async () => {
    try {
      await create(parent.projectId, { title, parentId: parent.id }, key.current);
      key.current = newId();
      setTitle('');
    } catch (error) {
      notifyProblem(t('problem.title'), error);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && title.trim() !== '') void add();
    else if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <input
      className={classes['inlineInput']}
      aria-label={t('task.addSubtask')}
      placeholder={t('task.titlePlaceholder')}
      maxLength={500}
      // Opening the field is asking to write.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      value={title}
      onChange={(event) => setTitle(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (title.trim() === '') onClose();
      }}
    />
  );
}
