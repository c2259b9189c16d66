import { z } from 'zod';
import { id, instant, instantInput, line, prose, version } from '../http/index.ts';
import { statusCategories } from '../projects/index.ts';

/** Priorities from least to most. */
export const priorities = ['none', 'low', 'medium', 'high', 'urgent'] as const;
/** See {@link priorities}. */
export type Priority = (typeof priorities)[number];

/** A task's key as people say it, like `OPS-42`. */
export const taskKeyPattern = /^([A-Za-z][A-Za-z0-9]{1,9})-([1-9][0-9]{0,8})$/;

const count = z.number().int().nonnegative();

/**
 * A task. `version` grows with every change of the body; `counts` change by themselves and stand outside it.
 * `rank` orders the tasks of a project: compare it as plain text, then `id`.
 */
export const taskSchema = z.strictObject({
  id,
  workspaceId: id,
  projectId: id,
  number: z.number().int().positive(),
  key: z.string(),
  title: z.string(),
  description: z.string(),
  statusId: id,
  category: z.enum(statusCategories),
  priority: z.enum(priorities),
  assigneeIds: z.array(id),
  labelIds: z.array(id),
  parentId: id.nullable(),
  startAt: instant.nullable(),
  dueAt: instant.nullable(),
  estimate: z.number().nonnegative().nullable(),
  rank: z.string(),
  createdBy: id,
  createdAt: instant,
  updatedAt: instant,
  completedAt: instant.nullable(),
  version,
  counts: z.strictObject({
    comments: count,
    subtasks: count,
    completedSubtasks: count,
  }),
});
/** See {@link taskSchema}. */
export type Task = z.infer<typeof taskSchema>;

const ids = z
  .array(id)
  .max(50)
  .transform((list) => [...new Set(list)]);

const fields = {
  title: line(500),
  description: prose(100_000),
  priority: z.enum(priorities),
  statusId: id,
  assigneeIds: ids,
  labelIds: ids,
  dueAt: instantInput.nullable(),
  startAt: instantInput.nullable(),
  parentId: id.nullable(),
  /** In points or hours, as the team agrees. */
  estimate: z.number().min(0).max(100_000).multipleOf(0.01).nullable(),
};

/** Body of `POST /projects/{id}/tasks`; without `statusId` the task starts in the project's first status. */
export const createTaskBody = z.strictObject(fields).partial().required({ title: true });
/** See {@link createTaskBody}. */
export type CreateTaskBody = z.infer<typeof createTaskBody>;

/** Body of `PATCH /tasks/{id}`: only what is given changes; lists are replaced as a whole. */
export const updateTaskBody = z.strictObject(fields).partial();
/** See {@link updateTaskBody}. */
export type UpdateTaskBody = z.infer<typeof updateTaskBody>;

/**
 * Body of `POST /tasks/{id}/move`: into a column, between two neighbours there. With one neighbour the task goes
 * right behind `afterId` or right before `beforeId`; with none to the end.
 */
export const moveTaskBody = z.strictObject({
  statusId: id.optional(),
  beforeId: id.nullable().optional(),
  afterId: id.nullable().optional(),
});
/** See {@link moveTaskBody}. */
export type MoveTaskBody = z.infer<typeof moveTaskBody>;

/** How one task relates to another: the first `blocks`, `duplicates` or `relates` to the second. */
export const taskLinkTypes = ['blocks', 'relates', 'duplicates'] as const;
/** See {@link taskLinkTypes}. */
export type TaskLinkType = (typeof taskLinkTypes)[number];

/** A link as seen from one of its tasks: `outgoing` when that task is the first. */
export const taskLinkSchema = z.strictObject({
  id,
  type: z.enum(taskLinkTypes),
  direction: z.enum(['outgoing', 'incoming']),
  task: z.strictObject({
    id,
    key: z.string(),
    title: z.string(),
    projectId: id,
    statusId: id,
    category: z.enum(statusCategories),
  }),
  createdAt: instant,
});
/** See {@link taskLinkSchema}. */
export type TaskLink = z.infer<typeof taskLinkSchema>;

/** Body of `POST /tasks/{id}/links`. */
export const createTaskLinkBody = z.strictObject({
  type: z.enum(taskLinkTypes),
  taskId: id,
});
/** See {@link createTaskLinkBody}. */
export type CreateTaskLinkBody = z.infer<typeof createTaskLinkBody>;
