import type { AskedJob } from '@taskflow/contract/exchange';
import { IconFileExport } from '@tabler/icons-react';
import { SettingsRow } from '../../components/settings/settings.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { hasEnded } from '../../lib/queries/exchange.ts';
import { useNow } from '../../lib/use-now.ts';
import classes from './exchange.module.css';
import { t } from './translate.ts';

interface AskedJobsProps {
  readonly jobs: readonly AskedJob[];
  /** What a job is called. */
  readonly nameOf: (job: AskedJob) => string;
}

/** Jobs that the person asked for: how far each is, and the files that came of it. */
export function AskedJobs({ jobs, nameOf }: AskedJobsProps) {
  const now = useNow();
  return (
    <ul>
      {jobs.map((job) => (
        <SettingsRow
          key={job.id}
          icon={<IconFileExport size={18} stroke={1.6} color="var(--text-3)" />}
          name={nameOf(job)}
          note={
            <>
              <time dateTime={job.createdAt} title={formatExact(job.createdAt)}>
                {formatAgo(job.createdAt, now)}
              </time>
              <Files job={job} />
            </>
          }
        >
          <JobState job={job} />
        </SettingsRow>
      ))}
    </ul>
  );
}

function Files({ job: { files, type, state } }: { readonly job: AskedJob }) {
  if (files.length === 0) {
    return state === 'succeeded' && type !== 'project.import' ? <> · {t('exchange.expired')}</> : null;
  }
  return (
    <span className={classes['files']}>
      {files.map(({ id, fileName, sizeBytes }) => (
        <a
          key={id}
          href={`/api/v1/blobs/${id}`}
          download={fileName}
          aria-label={t('exchange.download', { name: fileName })}
        >
          {fileName} ({formatSize(sizeBytes)})
        </a>
      ))}
    </span>
  );
}

/** As in "14 kB". */
function formatSize(sizeBytes: number): string {
  const unit = sizeBytes < 1_000_000 ? 'kilobyte' : 'megabyte';
  const value = sizeBytes / (unit === 'kilobyte' ? 1_000 : 1_000_000);
  return new Intl.NumberFormat('en', { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** How a job does, in words. */
function JobState({ job }: { readonly job: AskedJob }) {
  if (!hasEnded(job) && job.state === 'running') {
    const done = job.progress ?? 0;
    return (
      <>
        <progress className={classes['progress']} value={done} max={1} aria-label={t('exchange.progress')} />
        <StateBadge tone="idle">{t('exchange.state.running', { percent: Math.round(done * 100) })}</StateBadge>
      </>
    );
  }
  switch (job.state) {
    case 'succeeded':
      return <StateBadge tone="good">{t('exchange.state.succeeded')}</StateBadge>;
    case 'quarantined':
    case 'discarded':
      return (
        <StateBadge tone="bad">{t('exchange.state.failed', { code: job.errorCode ?? job.reason ?? '' })}</StateBadge>
      );
    case 'canceled':
      return <StateBadge tone="idle">{t('exchange.state.canceled')}</StateBadge>;
    case 'retrying':
      return <StateBadge tone="warning">{t('exchange.state.retrying')}</StateBadge>;
    default:
      return <StateBadge tone="idle">{t('exchange.state.waiting')}</StateBadge>;
  }
}
