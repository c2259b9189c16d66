import { useSuspenseQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { meQuery } from '../../lib/queries/me.ts';
import { projectsQuery } from '../../lib/queries/projects.ts';
import { labelsQuery, membersQuery, workspaceQuery } from '../../lib/queries/workspaces.ts';
import type { WorkspaceScope } from '../../lib/workspace-scope.ts';

const byId = <Item extends { readonly id: string }>(items: readonly Item[]) =>
  new Map(items.map((item) => [item.id, item]));

/** Reads what every page of a workspace needs; suspends until it is there. */
export function useWorkspaceData(slug: string): WorkspaceScope {
  const [{ data: me }, { data: workspace }] = useSuspenseQueries({ queries: [meQuery, workspaceQuery(slug)] });
  const [{ data: members }, { data: labels }, { data: projects }] = useSuspenseQueries({
    queries: [membersQuery(workspace.id), labelsQuery(workspace.id), projectsQuery(workspace.id)],
  });
  return useMemo(
    () => ({
      workspace,
      me,
      members,
      memberById: new Map(members.map((member) => [member.userId, member])),
      labels: labels.toSorted((one, other) => one.name.localeCompare(other.name)),
      labelById: byId(labels),
      projects,
      projectById: byId(projects),
      canManage: workspace.role === 'owner' || workspace.role === 'admin',
      canWrite: workspace.role !== 'guest',
    }),
    [workspace, me, members, labels, projects],
  );
}
