import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { askedJobsQuery, hasEnded } from '../../lib/queries/exchange.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { AskedJobs } from './asked-jobs.tsx';
import { ReadProblem } from './read-problem.tsx';
import { t } from './translate.ts';

/** Everything of the project as a file, for owners and admins. */
export function ExportSettings() {
  const { workspace } = useWorkspaceScope();
  const { project } = useProjectScope();
  const query = askedJobsQuery(workspace.id, { type: 'project.export', project: project.id });
  const { data: jobs, error, refetch } = useQuery(query);
  const ask = useChange(
    () => call('POST /jobs', { body: { type: 'project.export', payload: { projectId: project.id } } }),
    query.queryKey,
  );
  return (
    <SettingsSection id="export" title={t('exchange.export')} lead={t('exchange.exportLead')}>
      <ReadProblem error={error} onRetry={refetch} />
      {jobs?.length === 0 && <p className={settingsClasses.foot}>{t('exchange.exportNone')}</p>}
      <AskedJobs jobs={jobs ?? []} nameOf={() => project.name} />
      <div className={settingsClasses.foot}>
        <Button
          loading={ask.isPending}
          disabled={jobs?.some((job) => !hasEnded(job)) === true}
          onClick={() => ask.mutate(undefined)}
        >
          {t('exchange.exportNow')}
        </Button>
      </div>
    </SettingsSection>
  );
}
