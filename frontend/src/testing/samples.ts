import type { LiveEvent } from '@taskflow/contract/activity';
import type { Comment } from '@taskflow/contract/comments';
import type { InboxThread, Notification, Preferences } from '@taskflow/contract/notifications';
import type { Status } from '@taskflow/contract/projects';
import type { Task } from '@taskflow/contract/tasks';

const instant = '2026-03-02T09:00:00.000Z';

/** A task, plain but for what a test says about it. */
export function aTask(fields: Partial<Task> = {}): Task {
  return {
    id: 'task-1',
    workspaceId: 'workspace',
    projectId: 'project',
    number: 1,
    key: 'OPS-1',
    title: 'Rotate the keys',
    description: '',
    statusId: 'todo',
    category: 'unstarted',
    priority: 'none',
    assigneeIds: [],
    labelIds: [],
    parentId: null,
    startAt: null,
    dueAt: null,
    estimate: null,
    rank: 'm',
    createdBy: 'ada',
    createdAt: instant,
    updatedAt: instant,
    completedAt: null,
    version: 1,
    counts: { comments: 0, subtasks: 0, completedSubtasks: 0 },
    ...fields,
  };
}

/** A status, plain but for what a test says about it. */
export function aStatus(fields: Partial<Status> = {}): Status {
  return {
    id: 'todo',
    projectId: 'project',
    name: 'To do',
    category: 'unstarted',
    color: '#5e6ad2',
    position: 0,
    version: 1,
    createdAt: instant,
    updatedAt: instant,
    ...fields,
  };
}

/** A comment, plain but for what a test says about it. */
export function aComment(fields: Partial<Comment> = {}): Comment {
  return {
    id: 'comment-1',
    workspaceId: 'workspace',
    projectId: 'project',
    taskId: 'task-1',
    authorId: 'ada',
    body: 'Done on staging.',
    mentionIds: [],
    version: 1,
    createdAt: instant,
    updatedAt: instant,
    editedAt: null,
    ...fields,
  };
}

/** A live event about `task-1`, plain but for what a test says about it. */
export function aLiveEvent(fields: Partial<LiveEvent> = {}): LiveEvent {
  return {
    workspaceId: 'workspace',
    number: 1,
    type: 'task.updated',
    at: instant,
    actorId: 'jonas',
    projectId: 'project',
    taskId: 'task-1',
    subjectId: null,
    subject: null,
    changes: {},
    task: null,
    comment: null,
    ...fields,
  };
}

/** How somebody wants to be told, plain but for what a test says about it. */
export function aPreferences(fields: Partial<Preferences> = {}): Preferences {
  return {
    channels: {
      assigned: 'both',
      mentioned: 'both',
      commented: 'in_app',
      status_changed: 'in_app',
      due_soon: 'in_app',
      overdue: 'both',
    },
    mailDelivery: 'at_once',
    quietHours: null,
    timeZone: 'Europe/Berlin',
    version: 1,
    ...fields,
  };
}

/** A notification, plain but for what a test says about it. */
export function aNotification(fields: Partial<Notification> = {}): Notification {
  return {
    id: 'notification-1',
    kind: 'assigned',
    at: instant,
    readAt: null,
    actor: { id: 'jonas', name: 'Jonas' },
    commentId: null,
    excerpt: null,
    statusName: null,
    dueAt: null,
    ...fields,
  };
}

/** What an inbox has about `task-1`, plain but for what a test says about it. */
export function aThread(fields: Partial<InboxThread> = {}): InboxThread {
  return {
    id: 'notification-1',
    workspace: { id: 'workspace', slug: 'works', name: 'Works' },
    task: { id: 'task-1', key: 'OPS-1', title: 'Rotate the keys', projectId: 'project', category: 'unstarted' },
    count: 1,
    unreadCount: 1,
    latest: [aNotification()],
    ...fields,
  };
}
