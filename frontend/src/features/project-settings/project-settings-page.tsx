import { SettingsPage } from '../../components/settings/settings.tsx';
import { useProjectScope } from '../../lib/project-scope.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { NotFoundPage } from '../../components/page/page-states.tsx';
import { ExportSettings } from '../exchange/export-settings.tsx';
import { ImportSettings } from '../exchange/import-settings.tsx';
import { DeleteProject } from './delete-project.tsx';
import { ProjectGeneral } from './project-general.tsx';
import { ProjectPeople } from './project-people.tsx';
import { StatusSettings } from './status-settings.tsx';

/** Settings of a project, for its leads and the workspace's admins. */
export function ProjectSettingsPage() {
  const { project, canConfigure } = useProjectScope();
  const { canManage } = useWorkspaceScope();
  if (!canConfigure) return <NotFoundPage />;
  return (
    <SettingsPage key={project.id}>
      <ProjectGeneral />
      <StatusSettings />
      <ProjectPeople />
      <ImportSettings />
      {canManage && <ExportSettings />}
      <DeleteProject />
    </SettingsPage>
  );
}
