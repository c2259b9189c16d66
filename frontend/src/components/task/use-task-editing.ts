import type { Task } from '@taskflow/contract/tasks';
import { useMemo } from 'react';
import { type TaskActions, useTaskActions } from '../../lib/tasks/task-actions.ts';
import { openPicker } from '../picker/picker-store.ts';

/** The fields that a small picker changes. */
export type PickedField = 'status' | 'priority' | 'assignees' | 'labels' | 'due' | 'start';

/** Opens the picker of a field of a task beside an element and saves what is chosen. */
export type EditField = (anchor: HTMLElement, task: Task, field: PickedField) => void;

function createEditField(actions: TaskActions): EditField {
  return (anchor, task, field) => {
    const patch = (
      ...change: [changes: Parameters<TaskActions['patch']>[1], shown?: Parameters<TaskActions['patch']>[2]]
    ) => void actions.patch(task, ...change);
    switch (field) {
      case 'status':
        return openPicker(anchor, {
          kind: 'status',
          projectId: task.projectId,
          value: task.statusId,
          onPick: (status) => {
            if (status.id !== task.statusId) patch({ statusId: status.id }, { category: status.category });
          },
        });
      case 'priority':
        return openPicker(anchor, {
          kind: 'priority',
          value: task.priority,
          onPick: (priority) => {
            if (priority !== task.priority) patch({ priority });
          },
        });
      case 'assignees':
        return openPicker(anchor, {
          kind: 'assignees',
          projectId: task.projectId,
          value: task.assigneeIds,
          onPick: (assigneeIds) => patch({ assigneeIds }),
        });
      case 'labels':
        return openPicker(anchor, { kind: 'labels', value: task.labelIds, onPick: (labelIds) => patch({ labelIds }) });
      case 'due':
        return openPicker(anchor, { kind: 'date', field, value: task.dueAt, onPick: (dueAt) => patch({ dueAt }) });
      case 'start':
        return openPicker(anchor, {
          kind: 'date',
          field,
          value: task.startAt,
          onPick: (startAt) => patch({ startAt }),
        });
    }
  };
}

/** The same small pickers for card, row, panel and keyboard. */
export function useEditField(): EditField {
  const actions = useTaskActions();
  return useMemo(() => createEditField(actions), [actions]);
}
