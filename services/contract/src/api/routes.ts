import { activityRoutes } from '../activity/index.ts';
import { authRoutes } from '../auth/index.ts';
import { commentRoutes } from '../comments/index.ts';
import { exchangeRoutes } from '../exchange/index.ts';
import { instanceRoutes } from '../instance/index.ts';
import { mailRoutes } from '../mail/index.ts';
import { meRoutes } from '../me/index.ts';
import { notificationRoutes } from '../notifications/index.ts';
import { operationsRoutes } from '../operations/index.ts';
import { projectRoutes } from '../projects/index.ts';
import { searchRoutes } from '../search/index.ts';
import { taskRoutes } from '../tasks/index.ts';
import { webhookRoutes } from '../webhooks/index.ts';
import { workspaceRoutes } from '../workspaces/index.ts';

/** Every path of the API begins with this. */
export const apiPrefix = '/api/v1';

/** Every route of the API, keyed by `METHOD /path` below {@link apiPrefix}. */
export const routes = {
  ...instanceRoutes,
  ...authRoutes,
  ...meRoutes,
  ...workspaceRoutes,
  ...projectRoutes,
  ...taskRoutes,
  ...commentRoutes,
  ...activityRoutes,
  ...searchRoutes,
  ...mailRoutes,
  ...notificationRoutes,
  ...webhookRoutes,
  ...operationsRoutes,
  ...exchangeRoutes,
};
