import { ActionIcon, Button } from '@mantine/core';
import type { Job, JobAction } from '@taskflow/contract/operations';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { call } from '../../lib/api/client.ts';
import { allJobsKey, jobQuery, oneJobKey, quarantineQuery, whyQuery } from '../../lib/queries/operations.ts';
import { useChange } from '../../lib/use-change.ts';
import { JobAttempts } from './job-attempts.tsx';
import { JobFacts } from './job-facts.tsx';
import classes from './operations.module.css';
import { JobStatePill, Loaded } from './parts.tsx';
import { t } from './translate.ts';

interface JobPanelProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** A job beside the list: why it is where it is, what can be done, its attempts, its payload. */
export function JobPanel({ id, onClose }: JobPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const query = useQuery(jobQuery(id));

  // Opening leads the keyboard into the panel, closing back to the row.
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    return () => document.querySelector<HTMLElement>(`[data-job-id="${CSS.escape(id)}"]`)?.focus();
  }, [id]);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [onClose]);

  return (
    <aside ref={panel} className={classes['panel']} aria-label={t('ops.job', { id })} tabIndex={-1}>
      <header className={classes['panelHead']}>
        <h2>{query.data?.type ?? t('common.loading')}</h2>
        {query.data !== undefined && <JobStatePill state={query.data.state} />}
        <span className={classes['space']} />
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.close')} onClick={onClose}>
          <IconX size={18} stroke={1.7} />
        </ActionIcon>
      </header>
      <div className={classes['panelBody']}>
        <Loaded query={query}>
          {(job) => (
            <>
              <Why id={id} />
              <Actions job={job} />
              <JobAttempts attempts={job.attempts} />
              <JobFacts job={job} />
            </>
          )}
        </Loaded>
      </div>
    </aside>
  );
}

function Why({ id }: { readonly id: string }) {
  const { data } = useQuery(whyQuery(id));
  return (
    <p className={classes['why']} aria-label={t('ops.why')} role="status">
      {data?.sentence ?? ' '}
    </p>
  );
}

/** What the state of a job allows. */
function actionsOf({ state, cancelRequestedAt }: Job): readonly JobAction[] {
  switch (state) {
    case 'quarantined':
      return ['release', 'discard'];
    case 'scheduled':
    case 'retrying':
      return ['retry', 'discard'];
    case 'pending':
      return ['discard'];
    case 'queued':
    case 'running':
      return cancelRequestedAt === null ? ['cancel'] : [];
    default:
      return [];
  }
}

function Actions({ job }: { readonly job: Job }) {
  const act = useChange(
    (action: JobAction) => call(`POST /jobs/{id}/${action}`, { params: { id: job.id } }),
    allJobsKey,
    oneJobKey(job.id),
    quarantineQuery.queryKey,
  );
  const actions = actionsOf(job);
  if (actions.length === 0) return null;
  return (
    <div className={classes['actions']}>
      {actions.map((action, index) => (
        <Button
          key={action}
          size="xs"
          variant={index === 0 && action !== 'discard' ? 'filled' : 'default'}
          loading={act.isPending && act.variables === action}
          onClick={() => act.mutate(action)}
        >
          {t(`ops.act.${action}`)}
        </Button>
      ))}
    </div>
  );
}
