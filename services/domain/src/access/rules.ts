import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import type { CommentAccess, ProjectAccess, WorkspaceAccess } from './access.ts';

/**
 * One row of the role table: for each role of the workspace, whether the action is allowed there. What the caller
 * does not even see never gets here: it was answered as missing.
 */
export type Row<Where extends WorkspaceAccess> = Readonly<Record<WorkspaceRole, (access: Where) => boolean>>;

/** Always. */
export const yes = () => true;
/** Never. */
export const no = () => false;
/** The caller leads the project; its creator does. */
export const asLead = ({ project }: ProjectAccess) => project.role === 'lead';
/** Whoever was let into a project as its guest looks and comments there. */
export const unlessProjectGuest = ({ project }: ProjectAccess) => project.role !== 'guest';
/** The caller wrote the comment. */
export const own = ({ caller, comment }: CommentAccess) => comment.authorId === caller.userId;
