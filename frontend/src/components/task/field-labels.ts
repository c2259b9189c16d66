import type { Task } from '@taskflow/contract/tasks';
import { t } from '../../lib/messages/translate.ts';
import type { WorkspaceScope } from '../../lib/workspace-scope.ts';

/** The names of people, for labels and sentences. */
export function namesOf(userIds: readonly string[], { memberById }: Pick<WorkspaceScope, 'memberById'>): string {
  return userIds.map((userId) => memberById.get(userId)?.name ?? t('common.unknownPerson')).join(', ');
}

/** What the button of the assignees says. */
export function assigneesLabel(task: Task, scope: WorkspaceScope): string {
  const names = task.assigneeIds.length === 0 ? t('task.noAssignee') : namesOf(task.assigneeIds, scope);
  return `${t('task.assignees')}: ${names}`;
}

/** What the button of the priority says. */
export const priorityLabel = (task: Task) => `${t('task.priority')}: ${t(`priority.${task.priority}`)}`;
