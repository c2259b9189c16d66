import { z } from 'zod';
import { color, emailAddress, id, instant, line, version } from '../http/index.ts';

/** What a person is in a workspace, from most to least. */
export const workspaceRoles = ['owner', 'admin', 'member', 'guest'] as const;
/** See {@link workspaceRoles}. */
export type WorkspaceRole = (typeof workspaceRoles)[number];

/** A workspace's name. */
export const workspaceName = line(100);

/** A slug in the web app's addresses: lower-case letters, digits and single hyphens. */
const workspaceSlug = z
  .string()
  .trim()
  .toLowerCase()
  .min(2)
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be letters, digits and single hyphens');

/** A workspace as its caller sees it; `role` is the caller's own. */
export const workspaceSchema = z.strictObject({
  id,
  slug: z.string(),
  name: z.string(),
  role: z.enum(workspaceRoles),
  version,
  createdAt: instant,
  updatedAt: instant,
});
/** See {@link workspaceSchema}. */
export type Workspace = z.infer<typeof workspaceSchema>;

/** Body of `POST /workspaces`; without `slug` one is made of the name. */
export const createWorkspaceBody = z.strictObject({
  name: workspaceName,
  slug: workspaceSlug.optional(),
});

/** Body of `PATCH /workspaces/{id}`. The old slug goes on leading here. */
export const updateWorkspaceBody = z.strictObject({
  name: workspaceName.optional(),
  slug: workspaceSlug.optional(),
});

/** A person in a workspace. `email` is null to guests. */
export const memberSchema = z.strictObject({
  userId: id,
  name: z.string(),
  email: z.string().nullable(),
  role: z.enum(workspaceRoles),
  version,
  joinedAt: instant,
});
/** See {@link memberSchema}. */
export type Member = z.infer<typeof memberSchema>;

/** Body of `PATCH /workspaces/{id}/members/{userId}`. */
export const updateMemberBody = z.strictObject({
  role: z.enum(workspaceRoles),
});

/** An invitation that waits; whoever opens its link first may join. */
export const invitationSchema = z.strictObject({
  id,
  email: z.string(),
  role: z.enum(workspaceRoles),
  projectIds: z.array(id),
  invitedBy: id,
  createdAt: instant,
  expiresAt: instant,
});
/** See {@link invitationSchema}. */
export type Invitation = z.infer<typeof invitationSchema>;

/** Answer of `POST .../invitations`: the only time that the link is shown. */
export const newInvitationSchema = invitationSchema.extend({ url: z.url() });

/** Body of `POST .../invitations`. `projectIds` are the projects that a guest will see (or a member joins). */
export const createInvitationBody = z.strictObject({
  email: emailAddress,
  role: z.enum(workspaceRoles).exclude(['owner']),
  projectIds: z.array(id).max(100).optional(),
});

/** What the holder of an invitation's link may know before accepting. */
export const invitationPreviewSchema = z.strictObject({
  workspaceName: z.string(),
  invitedByName: z.string(),
  email: z.string(),
  role: z.enum(workspaceRoles),
  expiresAt: instant,
});
/** See {@link invitationPreviewSchema}. */
export type InvitationPreview = z.infer<typeof invitationPreviewSchema>;

/** A label of a workspace; names are unique there without regard to case. */
export const labelSchema = z.strictObject({
  id,
  workspaceId: id,
  name: z.string(),
  color,
  version,
  createdAt: instant,
  updatedAt: instant,
});
/** See {@link labelSchema}. */
export type Label = z.infer<typeof labelSchema>;

/** Body of `POST /workspaces/{id}/labels`. */
export const createLabelBody = z.strictObject({
  name: line(50),
  color: color.optional(),
});

/** Body of `PATCH /workspaces/{id}/labels/{labelId}`. */
export const updateLabelBody = z.strictObject({
  name: line(50).optional(),
  color: color.optional(),
});
