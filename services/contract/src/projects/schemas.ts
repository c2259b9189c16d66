import { z } from 'zod';
import { color, id, instant, line, prose, version } from '../http/index.ts';

/** Who sees a project: everybody in the workspace but guests, or only its own people (and owners, admins). */
const projectVisibilities = ['workspace', 'private'] as const;

/** What a person is in one project. A lead changes its settings; a guest sees it and comments. */
export const projectRoles = ['lead', 'member', 'guest'] as const;
/** See {@link projectRoles}. */
export type ProjectRole = (typeof projectRoles)[number];

/** The prefix of task keys, as in `OPS-42`. */
export const projectKey = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z][A-Z0-9]{1,9}$/, 'must be 2 to 10 letters or digits and begin with a letter');

/** A project as its caller sees it; `role` is the caller's own in it, if any. */
export const projectSchema = z.strictObject({
  id,
  workspaceId: id,
  key: z.string(),
  name: z.string(),
  description: z.string(),
  color,
  visibility: z.enum(projectVisibilities),
  role: z.enum(projectRoles).nullable(),
  version,
  createdAt: instant,
  updatedAt: instant,
});
/** See {@link projectSchema}. */
export type Project = z.infer<typeof projectSchema>;

/** Body of `POST /workspaces/{id}/projects`; the caller becomes its lead. */
export const createProjectBody = z.strictObject({
  name: line(100),
  key: projectKey,
  description: prose(10_000).optional(),
  color: color.optional(),
  visibility: z.enum(projectVisibilities).optional(),
});

/** Body of `PATCH /projects/{id}`. Old keys go on leading here. */
export const updateProjectBody = createProjectBody.partial();

/** A person in a project. */
export const projectMemberSchema = z.strictObject({
  userId: id,
  name: z.string(),
  role: z.enum(projectRoles),
  addedAt: instant,
});
/** See {@link projectMemberSchema}. */
export type ProjectMember = z.infer<typeof projectMemberSchema>;

/** Body of `PUT /projects/{id}/members/{userId}`. */
export const putProjectMemberBody = z.strictObject({
  role: z.enum(projectRoles),
});

/** What a status means, in the order in which work passes through. */
export const statusCategories = ['backlog', 'unstarted', 'started', 'completed', 'canceled'] as const;
/** See {@link statusCategories}. */
export type StatusCategory = (typeof statusCategories)[number];

/** The statuses of a new project, in the order of its board. */
export const defaultStatuses = [
  { name: 'Backlog', category: 'backlog', color: '#8a8f98' },
  { name: 'To do', category: 'unstarted', color: '#5e6ad2' },
  { name: 'In progress', category: 'started', color: '#d9822b' },
  { name: 'Done', category: 'completed', color: '#2f9e5b' },
  { name: 'Canceled', category: 'canceled', color: '#a0646a' },
] as const satisfies readonly {
  name: string;
  category: StatusCategory;
  color: string;
}[];

/** A column of a project's board; `position` counts from 0. */
export const statusSchema = z.strictObject({
  id,
  projectId: id,
  name: z.string(),
  category: z.enum(statusCategories),
  color,
  position: z.number().int().nonnegative(),
  version,
  createdAt: instant,
  updatedAt: instant,
});
/** See {@link statusSchema}. */
export type Status = z.infer<typeof statusSchema>;

/** Body of `POST /projects/{id}/statuses`; without `position` it becomes the last. */
export const createStatusBody = z.strictObject({
  name: line(50),
  category: z.enum(statusCategories),
  color: color.optional(),
  position: z.number().int().min(0).max(100).optional(),
});

/** Body of `PATCH /projects/{id}/statuses/{statusId}`; a `position` moves it there, the others make room. */
export const updateStatusBody = createStatusBody.partial();

/** Query of `DELETE /projects/{id}/statuses/{statusId}`: where its tasks go; 409 when it has tasks and none is given. */
export const deleteStatusQuery = z.strictObject({ moveTo: id.optional() });
