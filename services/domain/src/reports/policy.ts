import type { WorkspaceAccess } from '../access/access.ts';
import { no, type Row, yes } from '../access/rules.ts';

const run: Row<WorkspaceAccess> = { owner: yes, admin: yes, member: yes, guest: no };

/** Who may run reports: over the projects that they see. */
export const reportPolicy = { 'report.run': run };
