import { commentPolicy } from '../comments/policy.ts';
import { exportPolicy } from '../exports/policy.ts';
import { importPolicy } from '../imports/policy.ts';
import { labelPolicy } from '../labels/policy.ts';
import { notificationPolicy } from '../notifications/policy.ts';
import { projectPolicy } from '../projects/policy.ts';
import { reportPolicy } from '../reports/policy.ts';
import { taskPolicy } from '../tasks/policy.ts';
import { webhookPolicy } from '../webhooks/policy.ts';
import { workspacePolicy } from '../workspaces/policy.ts';
import type { WorkspaceAccess } from './access.ts';
import type { Row } from './rules.ts';

const rows = {
  ...workspacePolicy,
  ...labelPolicy,
  ...projectPolicy,
  ...taskPolicy,
  ...commentPolicy,
  ...notificationPolicy,
  ...webhookPolicy,
  ...exportPolicy,
  ...importPolicy,
  ...reportPolicy,
};

/** Something that a role may or may not do. */
export type Action = keyof typeof rows;

/** What must be known of the caller to decide on an action. */
export type AccessFor<Name extends Action> =
  (typeof rows)[Name] extends Row<infer Where extends WorkspaceAccess> ? Where : never;

/** The role table of the product, put together from the rows that each feature declares. */
export const table: { readonly [Name in Action]: Row<AccessFor<Name>> } = rows;
