import type { WorkspaceAccess } from '../access/access.ts';
import { no, type Row, yes } from '../access/rules.ts';

const administrators: Row<WorkspaceAccess> = { owner: yes, admin: yes, member: no, guest: no };

/** Who may see and change the webhooks of a workspace. */
export const webhookPolicy = { 'webhook.manage': administrators };
