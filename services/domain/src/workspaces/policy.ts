import type { WorkspaceAccess } from '../access/access.ts';
import { no, type Row, yes } from '../access/rules.ts';

const ownersOnly: Row<WorkspaceAccess> = { owner: yes, admin: no, member: no, guest: no };
const administrators: Row<WorkspaceAccess> = { owner: yes, admin: yes, member: no, guest: no };

/** Who may do what with a workspace and its people. */
export const workspacePolicy = {
  'workspace.delete': ownersOnly,
  'workspace.change_owners': ownersOnly,
  'workspace.manage': administrators,
  'workspace.invite': administrators,
};
