import type { OwnJob } from '@taskflow/contract/operations';
import { useQuery } from '@tanstack/react-query';
import { SettingsRow, SettingsSection } from '../../components/settings/settings.tsx';
import { formatAgo } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { ownJobsQuery } from '../../lib/queries/me.ts';
import { useNow } from '../../lib/use-now.ts';

/** What the person asked for and is done in the background; nothing when there is none. */
export function OwnJobs() {
  const now = useNow();
  const { data: jobs = [] } = useQuery(ownJobsQuery);
  if (jobs.length === 0) return null;
  return (
    <SettingsSection title={t('me.jobs')} lead={t('me.jobs.lead')}>
      <ul>
        {jobs.map((job) => (
          <SettingsRow
            key={job.id}
            name={job.workspace === null ? job.type : `${job.type} · ${job.workspace.name}`}
            note={`${progressOf(job)}, ${formatAgo(job.finishedAt ?? job.createdAt, now)}`}
          />
        ))}
      </ul>
    </SettingsSection>
  );
}

function progressOf({ state, progress }: OwnJob): string {
  switch (state) {
    case 'running':
      return t('me.job.running', { percent: Math.round((progress ?? 0) * 100) });
    case 'retrying':
    case 'quarantined':
    case 'succeeded':
      return t(`me.job.${state}`);
    case 'canceled':
    case 'discarded':
      return t('me.job.ended');
    default:
      return t('me.job.waits');
  }
}
