import type { ProjectAccess } from '../access/access.ts';
import { type Row, yes } from '../access/rules.ts';

const watch: Row<ProjectAccess> = { owner: yes, admin: yes, member: yes, guest: yes };

/** Whoever sees a task may watch it. */
export const notificationPolicy = { 'task.watch': watch };
