import type { LiveEvent } from '@taskflow/contract/activity';
import type { Comment } from '@taskflow/contract/comments';
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
