import { IconUserOff } from '@tabler/icons-react';
import { dueBuckets } from '../../lib/dates/day.ts';
import { t } from '../../lib/messages/translate.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { prioritiesDescending } from '../../lib/tasks/order.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { Avatar } from '../avatar.tsx';
import type { PickerOption } from '../picker/picker-store.ts';
import { LabelDot } from '../task/label-chip.tsx';
import { PriorityIcon } from '../task/priority-icon.tsx';
import { StatusIcon } from '../task/status-icon.tsx';

/** The fields that a filter can be about. */
export const filterFields = ['status', 'assignee', 'priority', 'label', 'due'] as const;
/** See {@link filterFields}. */
export type FilterField = (typeof filterFields)[number];

/** What each field of a filter can be, in this project. */
export function useFilterFields(): Readonly<Record<FilterField, readonly PickerOption[]>> {
  const { statuses } = useProjectScope();
  const { members, labels } = useWorkspaceScope();
  return {
    status: statuses.map(({ id, name, category, color }) => ({
      id,
      label: name,
      icon: <StatusIcon category={category} color={color} />,
    })),
    assignee: [
      { id: 'me', label: t('filter.me') },
      { id: 'none', label: t('filter.nobody'), icon: <IconUserOff size={16} stroke={1.7} /> },
      ...members.map(({ userId, name }) => ({ id: userId, label: name, icon: <Avatar userId={userId} name={name} /> })),
    ],
    priority: prioritiesDescending.map((priority) => ({
      id: priority,
      label: t(`priority.${priority}`),
      icon: <PriorityIcon priority={priority} />,
    })),
    label: [
      { id: 'none', label: t('filter.noLabel') },
      ...labels.map(({ id, name, color }) => ({ id, label: name, icon: <LabelDot color={color} /> })),
    ],
    due: dueBuckets.map((bucket) => ({ id: bucket, label: t(`due.${bucket}`) })),
  };
}
