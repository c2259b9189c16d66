import type { Project } from '@taskflow/contract/projects';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate, Outlet } from '@tanstack/react-router';
import { useMemo } from 'react';
import { NotFoundPage } from '../../components/page/page-states.tsx';
import { ProjectHeader } from '../../components/view/project-header.tsx';
import { ProjectScopeProvider } from '../../lib/project-scope.ts';
import { projectByKeyQuery, statusesQuery } from '../../lib/queries/projects.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

const route = getRouteApi('/signed-in/w/$workspace/p/$key');

/** Finds the project of the address and what its views need. */
export function ProjectFrame() {
  const { key } = route.useParams();
  const { projects } = useWorkspaceScope();
  const project = projects.find((other) => other.key === key.toUpperCase());
  return project === undefined ? <FormerKey projectKey={key} /> : <Loaded project={project} />;
}

/** An old key leads to the project under its present one. */
function FormerKey({ projectKey }: { readonly projectKey: string }) {
  const { workspace, projectById } = useWorkspaceScope();
  const { data } = useSuspenseQuery(projectByKeyQuery(workspace.id, projectKey));
  if (!projectById.has(data.id)) return <NotFoundPage />;
  return (
    <Navigate
      to="/w/$workspace/p/$key/board"
      params={{ workspace: workspace.slug, key: data.key }}
      search={(search) => search}
      replace
    />
  );
}

function Loaded({ project }: { readonly project: Project }) {
  const { canManage } = useWorkspaceScope();
  const { data: statuses } = useSuspenseQuery(statusesQuery(project.id));
  const scope = useMemo(
    () => ({
      project,
      statuses: statuses.toSorted((one, other) => one.position - other.position),
      canConfigure: canManage || project.role === 'lead',
    }),
    [project, statuses, canManage],
  );
  return (
    <ProjectScopeProvider value={scope}>
      <ProjectHeader />
      <Outlet />
    </ProjectScopeProvider>
  );
}
