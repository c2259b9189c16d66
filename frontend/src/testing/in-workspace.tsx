import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ComponentType } from 'react';
import { type WorkspaceScope, WorkspaceScopeProvider } from '../lib/workspace-scope.ts';

const instant = '2026-03-02T09:00:00.000Z';

const scope: WorkspaceScope = {
  workspace: {
    id: 'workspace',
    slug: 'works',
    name: 'Works',
    role: 'member',
    version: 1,
    createdAt: instant,
    updatedAt: instant,
  },
  me: {
    id: 'ada',
    email: 'ada@example.com',
    name: 'Ada',
    emailVerified: true,
    isOperator: false,
    version: 1,
    createdAt: instant,
    updatedAt: instant,
  },
  members: [],
  memberById: new Map(),
  labels: [],
  labelById: new Map(),
  projects: [],
  projectById: new Map(),
  canManage: false,
  canWrite: true,
};

/** Shows a page of the workspace "Works" to Ada, below the addresses that pages have. @param path as in `/inbox` */
export function renderInWorkspace(path: string, Page: ComponentType) {
  const root = createRootRoute({ component: Outlet });
  const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: Outlet });
  const workspace = createRoute({
    getParentRoute: () => signedIn,
    path: '/w/$workspace',
    component: () => (
      <WorkspaceScopeProvider value={scope}>
        <Outlet />
      </WorkspaceScopeProvider>
    ),
  });
  const page = createRoute({ getParentRoute: () => workspace, path, component: () => <Page /> });
  const history = createMemoryHistory({ initialEntries: [`/w/works${path}`] });
  const router = createRouter({
    routeTree: root.addChildren([signedIn.addChildren([workspace.addChildren([page])])]),
    history,
    defaultPendingMs: 0,
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { client, history };
}
