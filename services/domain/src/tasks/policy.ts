import type { ProjectAccess } from '../access/access.ts';
import { no, type Row, unlessProjectGuest, yes } from '../access/rules.ts';

const write: Row<ProjectAccess> = { owner: yes, admin: yes, member: unlessProjectGuest, guest: no };

/** Who may create, edit, move, delete, restore and link tasks. */
export const taskPolicy = { 'task.write': write };
