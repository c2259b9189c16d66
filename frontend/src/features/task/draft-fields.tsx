import { useQuery } from '@tanstack/react-query';
import type { CreateTaskBody } from '@taskflow/contract/tasks';
import { IconCalendar, IconTag } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AvatarStack } from '../../components/avatar.tsx';
import { openPicker, type PickerRequest } from '../../components/picker/picker-store.ts';
import { namesOf } from '../../components/task/field-labels.ts';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { PriorityIcon } from '../../components/task/priority-icon.tsx';
import { StatusIcon } from '../../components/task/status-icon.tsx';
import { formatDay } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './new-task-dialog.module.css';

/** What a new task will be, but for its title and description. */
export type TaskDraft = Omit<CreateTaskBody, 'title' | 'description'>;

interface DraftFieldsProps {
  readonly projectId: string;
  readonly draft: TaskDraft;
  readonly onChange: (draft: TaskDraft) => void;
}

/** The fields of a task that does not exist yet, by the same pickers as everywhere. */
export function DraftFields({ projectId, draft, onChange }: DraftFieldsProps) {
  const scope = useWorkspaceScope();
  const now = useNow();
  const statuses = useQuery(statusesQuery(projectId)).data ?? [];
  const status = statuses.find((other) => other.id === draft.statusId) ?? statuses[0];
  const priority = draft.priority ?? 'none';
  const assigneeIds = draft.assigneeIds ?? [];
  const labels = (draft.labelIds ?? []).flatMap((id) => scope.labelById.get(id) ?? []);
  const set = (fields: TaskDraft) => onChange({ ...draft, ...fields });

  return (
    <div className={classes['chips']}>
      <Chip
        label={t('task.status')}
        value={status?.name ?? ''}
        icon={status === undefined ? null : <StatusIcon category={status.category} color={status.color} />}
        request={{ kind: 'status', projectId, value: status?.id, onPick: ({ id }) => set({ statusId: id }) }}
      />
      <Chip
        label={t('task.priority')}
        value={t(`priority.${priority}`)}
        icon={<PriorityIcon priority={priority} />}
        request={{ kind: 'priority', value: priority, onPick: (next) => set({ priority: next }) }}
      />
      <Chip
        label={t('task.assignees')}
        value={assigneeIds.length === 0 ? t('task.assignees') : namesOf(assigneeIds, scope)}
        icon={<AvatarStack userIds={assigneeIds} size={18} />}
        request={{ kind: 'assignees', projectId, value: assigneeIds, onPick: (ids) => set({ assigneeIds: ids }) }}
      />
      <Chip
        label={t('task.labels')}
        value={labels.length === 0 ? t('task.labels') : labels.map(({ name }) => name).join(', ')}
        icon={labels[0] === undefined ? <IconTag size={14} stroke={1.7} /> : <LabelDot color={labels[0].color} />}
        request={{ kind: 'labels', value: draft.labelIds ?? [], onPick: (ids) => set({ labelIds: ids }) }}
      />
      <Chip
        label={t('task.due')}
        value={draft.dueAt === null || draft.dueAt === undefined ? t('task.due') : formatDay(draft.dueAt, now)}
        icon={<IconCalendar size={14} stroke={1.7} />}
        request={{ kind: 'date', field: 'due', value: draft.dueAt ?? null, onPick: (dueAt) => set({ dueAt }) }}
      />
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly value: string;
  readonly icon: ReactNode;
  readonly request: PickerRequest;
}

function Chip({ label, value, icon, request }: ChipProps) {
  return (
    <button
      type="button"
      className={classes['chip']}
      aria-label={`${label}: ${value}`}
      onClick={(event) => openPicker(event.currentTarget, request)}
    >
      {icon}
      {value}
    </button>
  );
}
