import type { JobAttempt } from '@taskflow/contract/operations';
import { formatExact } from '../../lib/dates/format.ts';
import { formatDuration, msBetween } from '../../lib/dates/duration.ts';
import classes from './operations.module.css';
import { Pill, type Tone, useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

const tones: Readonly<Record<NonNullable<JobAttempt['outcome']> | 'running', Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  lost: 'bad',
  canceled: 'quiet',
  returned: 'quiet',
  running: 'busy',
};

/** The attempts of a job, oldest first. */
export function JobAttempts({ attempts }: { readonly attempts: readonly JobAttempt[] }) {
  const now = useSeconds();
  return (
    <section aria-label={t('ops.timeline')}>
      <h3 className={classes['heading']}>{t('ops.timeline')}</h3>
      {attempts.length === 0 && <p className={classes['muted']}>{t('ops.noAttempts')}</p>}
      <ol className={classes['timeline']}>
        {attempts.map((attempt) => (
          <Attempt key={attempt.attempt} attempt={attempt} now={now} />
        ))}
      </ol>
    </section>
  );
}

function Attempt({ attempt: entry, now }: { readonly attempt: JobAttempt; readonly now: Date }) {
  const { attempt, outcome, worker, startedAt, finishedAt, errorCode, errorMessage } = entry;
  const duration = formatDuration(Math.max(0, msBetween(startedAt, finishedAt ?? now)));
  return (
    <li data-tone={tones[outcome ?? 'running']}>
      <div className={classes['attempt']}>
        <b>{t('ops.attempt', { count: attempt })}</b>
        <Pill tone={tones[outcome ?? 'running']}>{t(`ops.outcome.${outcome ?? 'running'}`)}</Pill>
        {errorCode !== null && <code>{errorCode}</code>}
      </div>
      <p className={classes['muted']} title={formatExact(startedAt)}>
        <When instant={startedAt} now={now} />, {t('ops.took', { duration })}
        {worker !== null && <> {t('ops.on', { worker })}</>}
      </p>
      {errorMessage !== null && <p className={classes['errorText']}>{errorMessage}</p>}
    </li>
  );
}
