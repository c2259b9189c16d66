import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';
import type { JobTypeLoad, Queues } from '@taskflow/contract/operations';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Choice } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { formatDuration, msBetween } from '../../lib/dates/duration.ts';
import { queuesQuery } from '../../lib/queries/operations.ts';
import { useChange } from '../../lib/use-change.ts';
import classes from './operations.module.css';
import { Loaded, Pill, When } from './parts.tsx';
import { t } from './translate.ts';

/** What waits and runs, by queue and by type, and which workers there are. */
export function QueuesPage() {
  const query = useQuery(queuesQuery);
  return (
    <main className={classes['page']}>
      <Loaded query={query}>
        {(queues) => (
          <>
            <div className={classes['cards']}>
              {queues.queues.map((queue) => (
                <QueueCard key={queue.priority} queue={queue} at={queues.at} />
              ))}
            </div>
            <Types types={queues.types} at={queues.at} />
            <Workers queues={queues} />
          </>
        )}
      </Loaded>
    </main>
  );
}

interface QueueCardProps {
  readonly queue: Queues['queues'][number];
  readonly at: string;
}

const cardStates = ['queued', 'running', 'retrying', 'scheduled', 'quarantined'] as const;

function QueueCard({ queue: { priority, depth, oldestPendingAt, lastMinute }, at }: QueueCardProps) {
  return (
    <section className={classes['card']} aria-label={t(`ops.priority.${priority}`)}>
      <h2>{t(`ops.priority.${priority}`)}</h2>
      <p className={classes['big']}>
        {depth.pending} <small>{t('ops.state.pending')}</small>
      </p>
      <p className={classes['muted']}>
        {oldestPendingAt === null
          ? t('ops.nothingWaits')
          : `${t('ops.oldest')} ${formatDuration(Math.max(0, msBetween(oldestPendingAt, at)))}`}
      </p>
      <dl className={classes['counts']}>
        {cardStates.map((state) => (
          <div key={state}>
            <dt>{t(`ops.state.${state}`)}</dt>
            <dd>{depth[state]}</dd>
          </div>
        ))}
      </dl>
      <p className={classes['rate']}>
        {t('ops.perMinute')}: <b>{t('ops.done', { count: lastMinute.succeeded })}</b>
        {lastMinute.failed > 0 && (
          <>
            , <b data-bad>{t('ops.failed', { count: lastMinute.failed })}</b>
          </>
        )}
      </p>
    </section>
  );
}

function Types({ types, at }: { readonly types: readonly JobTypeLoad[]; readonly at: string }) {
  return (
    <section aria-label={t('ops.types')}>
      <h2 className={classes['heading']}>{t('ops.types')}</h2>
      <div className={classes['tableBox']}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{t('ops.type')}</th>
              <th scope="col">{t('ops.priority')}</th>
              <th scope="col" data-number>
                {t('ops.state.pending')}
              </th>
              <th scope="col" data-number>
                {t('ops.oldest')}
              </th>
              <th scope="col" data-number>
                {t('ops.state.running')}
              </th>
              <th scope="col" data-number>
                {t('ops.state.retrying')}
              </th>
              <th scope="col" data-number>
                {t('ops.state.quarantined')}
              </th>
              <th scope="col" data-number>
                {t('ops.perMinute')}
              </th>
              <th scope="col" aria-label={t('common.actions')} />
            </tr>
          </thead>
          <tbody>
            {types.map((type) => (
              <TypeRow key={type.type} type={type} at={at} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type Decision = { readonly isPaused?: boolean; readonly priority?: JobPriority | null };

function useDecision(type: string) {
  return useChange(
    (body: Decision) => call('PATCH /job-types/{type}', { params: { type }, body }),
    queuesQuery.queryKey,
  );
}

function TypeRow({ type: load, at }: { readonly type: JobTypeLoad; readonly at: string }) {
  const { type, depth, lastMinute, concurrency, oldestPendingAt, pausedAt } = load;
  const decide = useDecision(type);
  const isPaused = pausedAt !== null;
  const running = depth.running + depth.queued;
  return (
    <tr>
      <th scope="row">
        <Link to="/operations/jobs" search={{ type }} className={classes['link']}>
          {type}
        </Link>{' '}
        {isPaused && <Pill tone="warn">{t('ops.paused')}</Pill>}
        {!load.isKnown && <Pill tone="quiet">{t('ops.unknownType')}</Pill>}
      </th>
      <td>
        <PriorityChoice load={load} onChoose={(priority) => decide.mutate({ priority })} />
      </td>
      <td data-number>{depth.pending + depth.scheduled}</td>
      <td data-number>
        {oldestPendingAt === null ? t('ops.none') : formatDuration(Math.max(0, msBetween(oldestPendingAt, at)))}
      </td>
      <td data-number>{concurrency === null ? running : t('ops.runningOf', { running, limit: concurrency })}</td>
      <td data-number>{depth.retrying}</td>
      <td data-number>
        {depth.quarantined === 0 ? (
          0
        ) : (
          <Link to="/operations/jobs" search={{ type, state: 'quarantined' }} className={classes['badLink']}>
            {depth.quarantined}
          </Link>
        )}
      </td>
      <td data-number>
        {lastMinute.succeeded}
        {lastMinute.failed > 0 && <span data-bad> · {t('ops.failed', { count: lastMinute.failed })}</span>}
      </td>
      <td>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isPaused ? t('ops.resumeType', { type }) : t('ops.pauseType', { type })}
          title={isPaused ? t('ops.resume') : t('ops.pause')}
          loading={decide.isPending}
          onClick={() => decide.mutate({ isPaused: !isPaused })}
        >
          {isPaused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
        </ActionIcon>
      </td>
    </tr>
  );
}

interface PriorityChoiceProps {
  readonly load: JobTypeLoad;
  readonly onChoose: (priority: JobPriority | null) => void;
}

function PriorityChoice({ load: { type, priority, defaultPriority }, onChoose }: PriorityChoiceProps) {
  const usual = t(`ops.priority.${defaultPriority ?? 'default'}`);
  return (
    <Choice
      label={t('ops.priorityOf', { type })}
      value={priority ?? 'usual'}
      options={[
        { value: 'usual', name: t('ops.byType', { priority: usual }) },
        ...jobPriorities.map((value) => ({ value, name: t(`ops.priority.${value}`) })),
      ]}
      onChoose={(chosen) => onChoose(chosen === 'usual' ? null : chosen)}
    />
  );
}

function Workers({ queues: { workers, queues, at } }: { readonly queues: Queues }) {
  const waiting = queues.some(({ depth }) => depth.pending > 0);
  return (
    <section aria-label={t('ops.workers')}>
      <h2 className={classes['heading']}>{t('ops.workers')}</h2>
      {workers.length === 0 ? (
        <p className={classes['muted']}>{t(waiting ? 'ops.noWorkersButWork' : 'ops.noWorkers')}</p>
      ) : (
        <div className={classes['tableBox']}>
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">{t('ops.worker')}</th>
                <th scope="col" data-number>
                  {t('ops.state.running')}
                </th>
                <th scope="col" data-number>
                  {t('ops.lastSeen')}
                </th>
              </tr>
            </thead>
            <tbody>
              {workers.map(({ name, running, lastSeenAt }) => (
                <tr key={name}>
                  <th scope="row">
                    <code>{name}</code>
                  </th>
                  <td data-number>{running}</td>
                  <td data-number>
                    <When instant={lastSeenAt} now={new Date(at)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
