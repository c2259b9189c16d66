import { z } from 'zod';
import { id, instant } from '../http/index.ts';
import { commentSchema } from '../comments/index.ts';
import { taskSchema } from '../tasks/index.ts';

/** Everything that can happen in a workspace. */
export const activityTypes = [
  'workspace.created',
  'workspace.updated',
  'workspace.deleted',
  'workspace.restored',
  'member.joined',
  'member.updated',
  'member.removed',
  'label.created',
  'label.updated',
  'label.deleted',
  'project.created',
  'project.updated',
  'project.deleted',
  'project.restored',
  'project_member.set',
  'project_member.removed',
  'status.created',
  'status.updated',
  'status.deleted',
  'task.created',
  'task.updated',
  'task.moved',
  'task.deleted',
  'task.restored',
  'task_link.created',
  'task_link.deleted',
  'comment.created',
  'comment.updated',
  'comment.deleted',
  'comment.restored',
] as const;
/** See {@link activityTypes}. */
export type ActivityType = (typeof activityTypes)[number];

/**
 * One thing that happened. `number` counts the workspace's activity from 1 in the order of commits. `changes` has
 * what became different, by field; long texts are named without their values.
 */
export const activitySchema = z.strictObject({
  workspaceId: id,
  number: z.number().int().positive(),
  type: z.enum(activityTypes),
  at: instant,
  actorId: id,
  projectId: id.nullable(),
  taskId: id.nullable(),
  /** The comment, label, status, member or link that it is about, if any. */
  subjectId: id.nullable(),
  /** A name to read when the subject is gone: the task's title, the label's name ... */
  subject: z.string().nullable(),
  changes: z.record(
    z.string(),
    z.strictObject({
      from: z.unknown().optional(),
      to: z.unknown().optional(),
    }),
  ),
});
/** See {@link activitySchema}. */
export type Activity = z.infer<typeof activitySchema>;

/**
 * The data of a live event (`id:` of the stream is `number`): the activity, and the task or comment as it is when
 * the event is read, null when it is gone.
 */
export const liveEventSchema = activitySchema.extend({
  task: taskSchema.nullable(),
  comment: commentSchema.nullable(),
});
/** See {@link liveEventSchema}. */
export type LiveEvent = z.infer<typeof liveEventSchema>;

/** The data of the stream's `ready` (it continues after this event) and `resync` (read everything anew) events. */
export const livePositionSchema = z.strictObject({
  lastEventId: z.number().int().nonnegative(),
});

/** Why the server ends a stream. Only after `shutting_down` it is worth coming back. */
export const liveEndReasons = ['session_ended', 'membership_ended', 'shutting_down'] as const;
/** See {@link liveEndReasons}. */
export type LiveEndReason = (typeof liveEndReasons)[number];

/** The data of the stream's `end` event. */
export const liveEndSchema = z.strictObject({
  reason: z.enum(liveEndReasons),
});
