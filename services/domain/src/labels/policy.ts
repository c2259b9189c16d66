import type { WorkspaceAccess } from '../access/access.ts';
import { no, type Row, yes } from '../access/rules.ts';

const workers: Row<WorkspaceAccess> = { owner: yes, admin: yes, member: yes, guest: no };

/** Who may change the labels of a workspace. */
export const labelPolicy = { 'label.write': workers };
