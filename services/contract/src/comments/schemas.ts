import { z } from 'zod';
import { id, instant, prose, version } from '../http/index.ts';

/** A comment in Markdown. `mentionIds` are the people that `@name` in the body names and who see the task. */
export const commentSchema = z.strictObject({
  id,
  workspaceId: id,
  projectId: id,
  taskId: id,
  authorId: id,
  body: z.string(),
  mentionIds: z.array(id),
  version,
  createdAt: instant,
  updatedAt: instant,
  editedAt: instant.nullable(),
});
/** See {@link commentSchema}. */
export type Comment = z.infer<typeof commentSchema>;

/** Body of `POST /tasks/{id}/comments` and `PATCH /comments/{id}`. */
export const commentBody = z.strictObject({
  body: prose(50_000).refine((text) => text.trim() !== '', 'must not be empty'),
});
