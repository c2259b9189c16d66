import type { CommentAccess, ProjectAccess } from '../access/access.ts';
import { own, type Row, yes } from '../access/rules.ts';

const write: Row<ProjectAccess> = { owner: yes, admin: yes, member: yes, guest: yes };
const edit: Row<CommentAccess> = { owner: own, admin: own, member: own, guest: own };
const remove: Row<CommentAccess> = { owner: yes, admin: yes, member: own, guest: own };

/** Who may comment, and on whose comments one may lay hands. */
export const commentPolicy = { 'comment.write': write, 'comment.edit': edit, 'comment.delete': remove };
