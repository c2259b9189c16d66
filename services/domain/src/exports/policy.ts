import type { ProjectAccess } from '../access/access.ts';
import { no, type Row, yes } from '../access/rules.ts';

const administrators: Row<ProjectAccess> = { owner: yes, admin: yes, member: no, guest: no };

/** Who may take everything of a project with them. */
export const exportPolicy = { 'project.export': administrators };
