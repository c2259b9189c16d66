import type { ProjectAccess } from '../access/access.ts';
import { asLead, no, type Row, yes } from '../access/rules.ts';

const manage: Row<ProjectAccess> = { owner: yes, admin: yes, member: asLead, guest: no };

/** Who may import into a project: statuses are made on the way. */
export const importPolicy = { 'project.import': manage };
