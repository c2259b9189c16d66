import type { Job } from '@taskflow/contract/operations';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './operations.module.css';
import { useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** What is known of a job: where it belongs, when, and what it works on. */
export function JobFacts({ job }: { readonly job: Job }) {
  const now = useSeconds();
  const when = (instant: string | null) => instant !== null && <When instant={instant} now={now} />;
  return (
    <>
      <section aria-label={t('ops.facts')}>
        <h3 className={classes['heading']}>{t('ops.facts')}</h3>
        <dl className={classes['facts']}>
          <Fact name={t('ops.id')}>
            <code>{job.id}</code>
          </Fact>
          <Fact name={t('ops.priority')}>{t(`ops.priority.${job.priority}`)}</Fact>
          <Fact name={t('ops.workspace')}>
            {job.workspace !== null && (
              <Link to="/operations/jobs" search={{ workspace: job.workspace.id }} className={classes['link']}>
                {job.workspace.name}
              </Link>
            )}
          </Fact>
          <Fact name={t('ops.scope')}>{job.scope !== '' && <code>{job.scope}</code>}</Fact>
          <Fact name={t('ops.filter.breaker')}>
            {job.breakerKey !== null && (
              <Link to="/operations/breakers" className={classes['link']}>
                <code>{job.breakerKey}</code>
              </Link>
            )}
          </Fact>
          <Fact name={t('ops.filter.fingerprint')}>
            {job.fingerprint !== null && (
              <Link
                to="/operations/jobs"
                search={{ fingerprint: job.fingerprint, type: job.type }}
                className={classes['link']}
              >
                <code>{job.fingerprint}</code>
              </Link>
            )}
          </Fact>
          <Fact name={t('ops.created')}>{when(job.createdAt)}</Fact>
          <Fact name={t('ops.runAt')}>{job.finishedAt === null && when(job.runAt)}</Fact>
          <Fact name={t('ops.expires')}>{when(job.expiresAt)}</Fact>
          <Fact name={t('ops.finished')}>{when(job.finishedAt)}</Fact>
          <Fact name={t('ops.requestedBy')}>{job.requestedBy?.name}</Fact>
          <Fact name={t('ops.trace')}>{job.traceId !== null && <code>{job.traceId}</code>}</Fact>
          <Fact name={t('ops.request')}>{job.requestId !== null && <code>{job.requestId}</code>}</Fact>
        </dl>
      </section>
      <section aria-label={t('ops.payload')}>
        <h3 className={classes['heading']}>{t('ops.payload')}</h3>
        <pre className={classes['code']}>{pretty(job.payload)}</pre>
        <p className={classes['muted']}>{t('ops.payloadNote')}</p>
      </section>
      {job.result !== null && job.result !== undefined && (
        <section aria-label={t('ops.result')}>
          <h3 className={classes['heading']}>{t('ops.result')}</h3>
          <pre className={classes['code']}>{pretty(job.result)}</pre>
        </section>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  if (children === undefined || children === null || children === false) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
