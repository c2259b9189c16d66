import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { asLead, no, type Row, yes } from '../access/rules.ts';

const create: Row<WorkspaceAccess> = { owner: yes, admin: yes, member: yes, guest: no };
const manage: Row<ProjectAccess> = { owner: yes, admin: yes, member: asLead, guest: no };

/** Who may create projects and change their settings, statuses and people. */
export const projectPolicy = { 'project.create': create, 'project.manage': manage };
