import { useSuspenseQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { t } from '../../lib/messages/translate.ts';
import { workspacesQuery } from '../../lib/queries/workspaces.ts';
import { readStored } from '../../lib/stored.ts';
import { CreateWorkspace } from './create-workspace.tsx';

/** Leads to the workspace that was open last, or to making the first one. */
export function StartPage() {
  const { data: workspaces } = useSuspenseQuery(workspacesQuery);
  const last = readStored('workspace');
  const workspace = workspaces.find(({ slug }) => slug === last) ?? workspaces[0];
  if (workspace === undefined) return <CreateWorkspace title={t('workspace.createTitle')} />;
  return <Navigate to="/w/$workspace" params={{ workspace: workspace.slug }} replace />;
}
