import type { Task } from '@taskflow/contract/tasks';
import type { ReactNode } from 'react';
import { Avatar } from '../../components/avatar.tsx';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { PriorityIcon } from '../../components/task/priority-icon.tsx';
import { StatusIcon } from '../../components/task/status-icon.tsx';
import { dueBuckets } from '../../lib/dates/day.ts';
import type { NewTaskDefaults } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import type { ProjectScope } from '../../lib/project-scope.ts';
import { bucketOf, type Grouping } from '../../lib/tasks/filter.ts';
import { prioritiesDescending } from '../../lib/tasks/order.ts';
import type { WorkspaceScope } from '../../lib/workspace-scope.ts';

/** A group of the list. */
export interface ListGroup {
  readonly id: string;
  readonly name: string;
  readonly icon?: ReactNode;
  readonly tasks: readonly Task[];
  /** What a task made in this group inherits. */
  readonly defaults: NewTaskDefaults;
}

type Frame = Omit<ListGroup, 'tasks'>;

/** The groups that a grouping can have, in their order, and those that a task stands in. */
function framesOf(
  grouping: Grouping,
  { statuses }: ProjectScope,
  { members, labels }: WorkspaceScope,
  now: Date,
): { frames: readonly Frame[]; idsOf: (task: Task) => readonly string[] } {
  switch (grouping) {
    case 'status':
      return {
        frames: statuses.map(({ id, name, category, color }) => ({
          id,
          name,
          icon: <StatusIcon category={category} color={color} />,
          defaults: { statusId: id },
        })),
        idsOf: (task) => [task.statusId],
      };
    case 'priority':
      return {
        frames: prioritiesDescending.map((priority) => ({
          id: priority,
          name: t(`priority.${priority}`),
          icon: <PriorityIcon priority={priority} />,
          defaults: { priority },
        })),
        idsOf: (task) => [task.priority],
      };
    case 'assignee':
      return {
        frames: [
          ...members.map(({ userId, name }) => ({
            id: userId,
            name,
            icon: <Avatar userId={userId} name={name} />,
            defaults: { assigneeIds: [userId] },
          })),
          { id: 'none', name: t('filter.nobody'), defaults: {} },
        ],
        idsOf: (task) => (task.assigneeIds.length === 0 ? ['none'] : task.assigneeIds),
      };
    case 'label':
      return {
        frames: [
          ...labels.map(({ id, name, color }) => ({
            id,
            name,
            icon: <LabelDot color={color} />,
            defaults: { labelIds: [id] },
          })),
          { id: 'none', name: t('filter.noLabel'), defaults: {} },
        ],
        idsOf: (task) => (task.labelIds.length === 0 ? ['none'] : task.labelIds),
      };
    case 'due':
      return {
        frames: dueBuckets.map((bucket) => ({ id: bucket, name: t(`due.${bucket}`), defaults: {} })),
        idsOf: (task) => [bucketOf(task, now)],
      };
    case 'none':
      return { frames: [{ id: 'all', name: t('view.list'), defaults: {} }], idsOf: () => ['all'] };
  }
}

/** Cuts sorted tasks into groups; a task with two people stands in both of their groups. Empty groups are left out. */
export function groupTasks(
  tasks: readonly Task[],
  grouping: Grouping,
  project: ProjectScope,
  workspace: WorkspaceScope,
  now: Date,
): ListGroup[] {
  const { frames, idsOf } = framesOf(grouping, project, workspace, now);
  const byId = new Map<string, Task[]>();
  for (const task of tasks) {
    for (const id of idsOf(task)) {
      const group = byId.get(id);
      if (group === undefined) byId.set(id, [task]);
      else group.push(task);
    }
  }
  return frames.flatMap((frame) => {
    const members = byId.get(frame.id);
    return members === undefined ? [] : [{ ...frame, tasks: members }];
  });
}
