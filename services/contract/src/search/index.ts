import { z } from 'zod';
import { defineRoutes, id, line, pageOf, pathId } from '../http/index.ts';
import { statusCategories } from '../projects/index.ts';

/** A piece of text; `match` where it is what was searched for. */
const segmentSchema = z.strictObject({ text: z.string(), match: z.boolean() });

/** One hit of a search, best first; `title` and `excerpt` in pieces so that nothing needs to be HTML. */
export const searchHitSchema = z.strictObject({
  kind: z.enum(['task', 'comment', 'project']),
  /** Of the task, comment or project. */
  id,
  projectId: id,
  taskId: id.nullable(),
  /** `OPS-42` of the task, or `OPS` of the project. */
  key: z.string(),
  category: z.enum(statusCategories).nullable(),
  title: z.array(segmentSchema),
  excerpt: z.array(segmentSchema),
});
/** See {@link searchHitSchema}. */
export type SearchHit = z.infer<typeof searchHitSchema>;

/** Routes of search. */
export const searchRoutes = defineRoutes({
  'GET /workspaces/{id}/search': {
    summary: 'Ranked search over tasks, comments and projects that the caller sees',
    tag: 'Search',
    auth: 'read',
    params: z.strictObject({ id: pathId }),
    query: z.strictObject({
      q: line(200),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    success: { status: 200, body: pageOf(searchHitSchema) },
  },
});
