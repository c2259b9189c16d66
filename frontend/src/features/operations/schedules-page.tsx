import { Button } from '@mantine/core';
import type { Schedule } from '@taskflow/contract/operations';
import { IconCalendarClock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PageState } from '../../components/page/page-states.tsx';
import { call } from '../../lib/api/client.ts';
import { notifyDone } from '../../lib/notify.ts';
import { allJobsKey, schedulesQuery } from '../../lib/queries/operations.ts';
import { useChange } from '../../lib/use-change.ts';
import classes from './operations.module.css';
import { JobStatePill, Loaded, Pill, useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

/** What happens by itself: when next, how it went last, run now, pause. */
export function SchedulesPage() {
  const query = useQuery(schedulesQuery);
  const now = useSeconds();
  return (
    <main className={classes['page']}>
      <Loaded query={query}>
        {(schedules) =>
          schedules.length === 0 ? (
            <PageState
              icon={<IconCalendarClock size={22} stroke={1.6} />}
              title={t('ops.noSchedules')}
              text={t('ops.noSchedulesText')}
            />
          ) : (
            <div className={classes['tableBox']}>
              <table className={classes['table']}>
                <thead>
                  <tr>
                    <th scope="col">{t('ops.schedule')}</th>
                    <th scope="col" data-wide>
                      {t('ops.timing')}
                    </th>
                    <th scope="col">{t('ops.next')}</th>
                    <th scope="col">{t('ops.last')}</th>
                    <th scope="col" aria-label={t('common.actions')} />
                  </tr>
                </thead>
                <tbody>
                  {schedules.map((schedule) => (
                    <ScheduleRow key={schedule.id} schedule={schedule} now={now} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </main>
  );
}

function ScheduleRow({ schedule, now }: { readonly schedule: Schedule; readonly now: Date }) {
  const { id, key, type, cron, timeZone, nextRunAt, lastRunAt, lastJob, pausedAt, version } = schedule;
  const name = key ?? type;
  const isPaused = pausedAt !== null;
  const pause = useChange(
    () => call('PATCH /schedules/{id}', { params: { id }, body: { isPaused: !isPaused }, ifMatch: version }),
    schedulesQuery.queryKey,
  );
  const run = useChange(
    async () => {
      const { accepted } = await call('POST /schedules/{id}/run', { params: { id } });
      notifyDone(t(accepted ? 'ops.runAccepted' : 'ops.runAlready'));
    },
    schedulesQuery.queryKey,
    allJobsKey,
  );
  return (
    <tr>
      <th scope="row">
        {name} {isPaused && <Pill tone="warn">{t('ops.paused')}</Pill>}
      </th>
      <td data-wide>
        <code>{cron}</code> <span data-quiet>{timeZone}</span>
      </td>
      <td>{isPaused || nextRunAt === null ? t('ops.noNext') : <When instant={nextRunAt} now={now} />}</td>
      <td>
        {lastRunAt === null ? <span data-quiet>{t('ops.neverRun')}</span> : <When instant={lastRunAt} now={now} />}{' '}
        {lastJob !== null && (
          <Link to="/operations/jobs" search={{ type, job: lastJob.id }}>
            <JobStatePill state={lastJob.state} />
          </Link>
        )}
      </td>
      <td>
        <div className={classes['actions']}>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('ops.runNowOf', { name })}
            loading={run.isPending}
            onClick={() => run.mutate(undefined)}
          >
            {t('ops.runNow')}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={isPaused ? t('ops.resumeOf', { name }) : t('ops.pauseOf', { name })}
            loading={pause.isPending}
            onClick={() => pause.mutate(undefined)}
          >
            {isPaused ? t('ops.resume') : t('ops.pause')}
          </Button>
        </div>
      </td>
    </tr>
  );
}
