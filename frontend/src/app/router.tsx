import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { isProblem } from '../lib/api/problem.ts';
import { meQuery } from '../lib/queries/me.ts';
import { workspaceQuery } from '../lib/queries/workspaces.ts';
import { parseSearch, stringifySearch } from '../lib/search-params.ts';
import { writeStored } from '../lib/stored.ts';
import { parseViewSearch } from '../lib/tasks/filter.ts';
import { LoadingRows, NotFoundPage, RouteErrorPage } from '../components/page/page-states.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

interface EntrySearch {
  readonly next?: string | undefined;
  readonly invitation?: string | undefined;
}

/**
 * Where to go after signing in: an address of this site only. Fields that make no sense are undefined, not left out:
 * the router would put back the unread text of a field that is missing.
 */
function parseEntrySearch(raw: Record<string, unknown>): EntrySearch {
  const next = textOf(raw['next']);
  const here = next?.startsWith('/') === true && !/^\/[/\\]/.test(next);
  return { next: here ? next : undefined, invitation: textOf(raw['invitation']) };
}

interface MyTasksSearch {
  readonly by?: 'project' | undefined;
  readonly done?: 'yes' | undefined;
}

/** The task panel may be open over any page of a workspace. */
function parsePanelSearch(raw: Record<string, unknown>): { task?: string | undefined } {
  return { task: textOf(raw['task'])?.toUpperCase() };
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFoundPage });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: parseEntrySearch,
  component: lazyRouteComponent(() => import('../features/auth/sign-in-page.tsx'), 'SignInPage'),
});

const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-up',
  validateSearch: parseEntrySearch,
  component: lazyRouteComponent(() => import('../features/auth/sign-up-page.tsx'), 'SignUpPage'),
});

const inviteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('../features/auth/invite-page.tsx'), 'InvitePage'),
});

const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot',
  component: lazyRouteComponent(() => import('../features/auth/forgot-page.tsx'), 'ForgotPage'),
});

const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset/$token',
  component: lazyRouteComponent(() => import('../features/auth/reset-page.tsx'), 'ResetPage'),
});

const verifyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verify/$token',
  component: lazyRouteComponent(() => import('../features/auth/verify-page.tsx'), 'VerifyPage'),
});

const unsubscribeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(() => import('../features/auth/unsubscribe-page.tsx'), 'UnsubscribePage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.query({ ...meQuery, staleTime: 'static' });
    } catch (error) {
      if (!isProblem(error, 'unauthenticated')) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import('./signed-in.tsx'), 'SignedIn'),
});

const startRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../features/welcome/start-page.tsx'), 'StartPage'),
});

const meRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/me',
  component: lazyRouteComponent(() => import('../features/me/me-page.tsx'), 'MePage'),
});

const operationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operations',
  component: lazyRouteComponent(() => import('../features/operations/operations-frame.tsx'), 'OperationsFrame'),
});

const queuesRoute = createRoute({
  getParentRoute: () => operationsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../features/operations/queues-page.tsx'), 'QueuesPage'),
});

interface JobsSearch {
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly workspace?: string | undefined;
  readonly error?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly reason?: string | undefined;
  readonly breaker?: string | undefined;
  /** The job that is open beside the list. */
  readonly job?: string | undefined;
}

const jobsRoute = createRoute({
  getParentRoute: () => operationsRoute,
  path: '/jobs',
  validateSearch: (raw: Record<string, unknown>): JobsSearch => ({
    state: textOf(raw['state']),
    type: textOf(raw['type']),
    workspace: textOf(raw['workspace']),
    error: textOf(raw['error']),
    fingerprint: textOf(raw['fingerprint']),
    reason: textOf(raw['reason']),
    breaker: textOf(raw['breaker']),
    job: textOf(raw['job']),
  }),
  component: lazyRouteComponent(() => import('../features/operations/jobs-page.tsx'), 'JobsPage'),
});

const quarantineRoute = createRoute({
  getParentRoute: () => operationsRoute,
  path: '/quarantine',
  component: lazyRouteComponent(() => import('../features/operations/quarantine-page.tsx'), 'QuarantinePage'),
});

const breakersRoute = createRoute({
  getParentRoute: () => operationsRoute,
  path: '/breakers',
  component: lazyRouteComponent(() => import('../features/operations/breakers-page.tsx'), 'BreakersPage'),
});

const schedulesRoute = createRoute({
  getParentRoute: () => operationsRoute,
  path: '/schedules',
  component: lazyRouteComponent(() => import('../features/operations/schedules-page.tsx'), 'SchedulesPage'),
});

const mailsRoute = createRoute({
  getParentRoute: () => operationsRoute,
  path: '/mail',
  validateSearch: (raw: Record<string, unknown>): { state?: string | undefined } => ({ state: textOf(raw['state']) }),
  component: lazyRouteComponent(() => import('../features/operations/mails-page.tsx'), 'MailsPage'),
});

const newWorkspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/new-workspace',
  component: lazyRouteComponent(() => import('../features/welcome/new-workspace-page.tsx'), 'NewWorkspacePage'),
});

const workspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/w/$workspace',
  validateSearch: parsePanelSearch,
  loader: async ({ context, params, location }) => {
    const workspace = await context.queryClient.query({
      ...workspaceQuery(params.workspace),
      staleTime: 'static',
    });
    writeStored('workspace', workspace.slug);
    // An old slug leads to the same workspace under its present name.
    if (workspace.slug !== params.workspace) {
      throw redirect({ href: location.href.replace(`/w/${params.workspace}`, `/w/${workspace.slug}`), replace: true });
    }
  },
  component: lazyRouteComponent(() => import('./frame/workspace-frame.tsx'), 'WorkspaceFrame'),
});

const homeRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/home-page.tsx'), 'HomePage'),
});

const myTasksRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/my',
  validateSearch: (raw: Record<string, unknown>): MyTasksSearch => ({
    by: raw['by'] === 'project' ? 'project' : undefined,
    done: raw['done'] === 'yes' ? 'yes' : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/my-tasks/my-tasks-page.tsx'), 'MyTasksPage'),
});

const inboxRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/inbox',
  validateSearch: (raw: Record<string, unknown>): { unread?: 'yes' | undefined } => ({
    unread: raw['unread'] === 'yes' ? 'yes' : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/inbox/inbox-page.tsx'), 'InboxPage'),
});

const taskRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/t/$key',
  component: lazyRouteComponent(() => import('../features/task/task-page.tsx'), 'TaskPage'),
});

const workspaceSettingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('../features/workspace-settings/workspace-settings-page.tsx'),
    'WorkspaceSettingsPage',
  ),
});

const projectRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/p/$key',
  validateSearch: parseViewSearch,
  component: lazyRouteComponent(() => import('./frame/project-frame.tsx'), 'ProjectFrame'),
});

const projectIndexRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspace/p/$key/board', params, replace: true });
  },
});

const boardRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/board',
  component: lazyRouteComponent(() => import('../features/board/board-page.tsx'), 'BoardPage'),
});

const listRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/list',
  component: lazyRouteComponent(() => import('../features/list/list-page.tsx'), 'ListPage'),
});

const projectSettingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('../features/project-settings/project-settings-page.tsx'),
    'ProjectSettingsPage',
  ),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  signUpRoute,
  inviteRoute,
  forgotRoute,
  resetRoute,
  verifyRoute,
  unsubscribeRoute,
  signedInRoute.addChildren([
    startRoute,
    meRoute,
    newWorkspaceRoute,
    operationsRoute.addChildren([queuesRoute, jobsRoute, quarantineRoute, breakersRoute, schedulesRoute, mailsRoute]),
    workspaceRoute.addChildren([
      homeRoute,
      myTasksRoute,
      inboxRoute,
      taskRoute,
      workspaceSettingsRoute,
      projectRoute.addChildren([projectIndexRoute, boardRoute, listRoute, projectSettingsRoute]),
    ]),
  ]),
]);

/** The map of the web app. Pages load when they are opened; filters, sort, grouping and the open task live in the address. */
export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultErrorComponent: RouteErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: LoadingRows,
    // The skeleton itself waits 150 ms before it shows.
    defaultPendingMs: 0,
    defaultPendingMinMs: 0,
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
