import type { Task } from '@taskflow/contract/tasks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Avatar } from '../../components/avatar.tsx';
import { DueBadge } from '../../components/task/due-badge.tsx';
import { FieldButton } from '../../components/task/field-button.tsx';
import { assigneesLabel, priorityLabel } from '../../components/task/field-labels.ts';
import { LabelChip } from '../../components/task/label-chip.tsx';
import { PriorityIcon } from '../../components/task/priority-icon.tsx';
import { StatusIcon } from '../../components/task/status-icon.tsx';
import { TaskLink } from '../../components/task/task-link.tsx';
import type { PickedField } from '../../components/task/use-task-editing.ts';
import { formatDay, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import { taskByIdQuery } from '../../lib/queries/tasks.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { RepeatField } from './repeat-field.tsx';
import classes from './task-panel.module.css';

/** Every field of a task with its picker. */
export function TaskFields({ task }: { readonly task: Task }) {
  const scope = useWorkspaceScope();
  const now = useNow();
  const status = useQuery(statusesQuery(task.projectId)).data?.find((other) => other.id === task.statusId);
  const labels = task.labelIds.flatMap((id) => scope.labelById.get(id) ?? []);
  return (
    <div className={classes['fields']}>
      <Field task={task} field="status" name={t('task.status')} label={`${t('task.status')}: ${status?.name ?? ''}`}>
        {status !== undefined && <StatusIcon category={status.category} color={status.color} />}
        {status?.name}
      </Field>
      <Field task={task} field="priority" name={t('task.priority')} label={priorityLabel(task)}>
        <PriorityIcon priority={task.priority} />
        <span className={task.priority === 'none' ? classes['faint'] : undefined}>
          {t(`priority.${task.priority}`)}
        </span>
      </Field>
      <Field task={task} field="assignees" name={t('task.assignees')} label={assigneesLabel(task, scope)} many>
        {task.assigneeIds.length === 0 && <span className={classes['faint']}>{t('task.noAssignee')}</span>}
        {task.assigneeIds.map((userId) => {
          const name = scope.memberById.get(userId)?.name ?? t('common.unknownPerson');
          return (
            <span key={userId} className={classes['person']}>
              <Avatar userId={userId} name={name} />
              {name}
            </span>
          );
        })}
      </Field>
      <Field
        task={task}
        field="labels"
        name={t('task.labels')}
        label={`${t('task.labels')}: ${labels.map(({ name }) => name).join(', ')}`}
        many
      >
        {labels.length === 0 && <span className={classes['faint']}>{t('task.noLabels')}</span>}
        {labels.map((label) => (
          <LabelChip key={label.id} label={label} />
        ))}
      </Field>
      <Field task={task} field="due" name={t('task.due')} label={t('picker.due')}>
        {task.dueAt === null ? (
          <span className={classes['faint']}>{t('task.noDate')}</span>
        ) : (
          <DueBadge task={task} long />
        )}
      </Field>
      <RepeatField key={task.id} task={task} />
      <Field task={task} field="start" name={t('task.start')} label={t('picker.start')}>
        {task.startAt === null ? (
          <span className={classes['faint']}>{t('task.noDate')}</span>
        ) : (
          <span title={formatExact(task.startAt)}>{formatDay(task.startAt, now)}</span>
        )}
      </Field>
      <Estimate key={task.estimate} task={task} />
      {task.parentId !== null && <Parent parentId={task.parentId} />}
    </div>
  );
}

interface FieldProps {
  readonly task: Task;
  readonly field: PickedField;
  readonly name: string;
  readonly label: string;
  readonly many?: boolean;
  readonly children: ReactNode;
}

function Field({ task, field, name, label, many = false, children }: FieldProps) {
  return (
    <>
      <span className={classes['fieldName']} aria-hidden>
        {name}
      </span>
      <FieldButton
        task={task}
        field={field}
        label={label}
        className={`${classes['fieldValue']} ${many ? classes['many'] : ''}`}
      >
        {children}
      </FieldButton>
    </>
  );
}

function Estimate({ task }: { readonly task: Task }) {
  const { patch } = useTaskActions();
  const { canWrite } = useWorkspaceScope();
  const [text, setText] = useState(task.estimate === null ? '' : String(task.estimate));
  const save = () => {
    const number = Number(text.replace(',', '.'));
    const estimate = text.trim() === '' ? null : Math.round(number * 100) / 100;
    if (estimate === task.estimate) return;
    const makesSense = estimate === null || (estimate >= 0 && estimate <= 100_000);
    if (makesSense) void patch(task, { estimate });
    else setText(task.estimate === null ? '' : String(task.estimate));
  };
  return (
    <>
      <span className={classes['fieldName']} aria-hidden>
        {t('task.estimate')}
      </span>
      <input
        className={classes['estimate']}
        aria-label={t('task.estimate')}
        inputMode="decimal"
        placeholder={t('task.noEstimate')}
        title={t('task.estimateHint')}
        readOnly={!canWrite}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </>
  );
}

function Parent({ parentId }: { readonly parentId: string }) {
  const client = useQueryClient();
  const { data } = useQuery(taskByIdQuery(client, parentId));
  if (data === undefined) return null;
  return (
    <>
      <span className={classes['fieldName']}>{t('task.parent')}</span>
      <TaskLink taskKey={data.key} className={classes['line']}>
        <span className={classes['lineKey']}>{data.key}</span>
        <span className={classes['lineTitle']}>{data.title}</span>
      </TaskLink>
    </>
  );
}
