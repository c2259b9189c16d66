import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AskedJob, ReportSchedule } from '@taskflow/contract/exchange';
import { IconCalendarRepeat } from '@tabler/icons-react';
import { useState } from 'react';
import { Choice, SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { askedJobsQuery, reportSchedulesQuery } from '../../lib/queries/exchange.ts';
import { useChange } from '../../lib/use-change.ts';
import { ownTimeZone } from '../../lib/use-time-zone.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { AskedJobs } from './asked-jobs.tsx';
import { ReadProblem } from './read-problem.tsx';
import { t } from './translate.ts';

/** 1 January 2023 was a Sunday, the day with the number 0. */
const weekdays = Array.from({ length: 7 }, (_, day) => ({
  value: String(day),
  name: new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2023, 0, 1 + day)),
  ),
}));
const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), name: `${String(hour)}:00` }));

/** Reports of the team and of projects: now, and each week by mail. */
export function ReportSettings() {
  const { workspace, projects } = useWorkspaceScope();
  const jobsQuery = askedJobsQuery(workspace.id, { type: 'report.generate' });
  const schedulesQuery = reportSchedulesQuery(workspace.id);
  const { data: jobs, error, refetch } = useQuery(jobsQuery);
  // the week of the team, or the id of a project
  const [about, setAbout] = useState('weekly');
  const [weekday, setWeekday] = useState('1');
  const [hour, setHour] = useState('8');
  const timeZone = ownTimeZone();
  const run = useChange(
    () =>
      call('POST /jobs', {
        body: {
          type: 'report.generate',
          payload:
            about === 'weekly'
              ? { kind: 'weekly', workspaceId: workspace.id, timeZone }
              : { kind: 'project-status', projectId: about, timeZone },
        },
      }),
    jobsQuery.queryKey,
  );
  const schedule = useChange(
    () =>
      call('POST /workspaces/{id}/report-schedules', {
        params: { id: workspace.id },
        body: {
          ...(about === 'weekly' ? { kind: 'weekly' } : { kind: 'project-status', projectId: about }),
          weekday: Number(weekday),
          hour: Number(hour),
          timeZone,
        },
      }),
    schedulesQuery.queryKey,
  );
  const subjects = [
    { value: 'weekly', name: t('exchange.report.weekly') },
    ...projects.map(({ id, name }) => ({ value: id, name: t('exchange.reportOf', { name }) })),
  ];
  return (
    <SettingsSection id="reports" title={t('exchange.reports')} lead={t('exchange.reportsLead')}>
      <ReadProblem error={error} onRetry={refetch} />
      {jobs?.length === 0 && <p className={settingsClasses.foot}>{t('exchange.reportNone')}</p>}
      <AskedJobs jobs={jobs ?? []} nameOf={nameOfReport} />
      <Schedules />
      <div className={settingsClasses.foot}>
        <Choice label={t('exchange.report')} value={about} options={subjects} onChoose={setAbout} />
        <Button loading={run.isPending} onClick={() => run.mutate(undefined)}>
          {t('exchange.reportNow')}
        </Button>
        <Choice label={t('exchange.weekday')} value={weekday} options={weekdays} onChoose={setWeekday} />
        <Choice label={t('exchange.hour')} value={hour} options={hours} onChoose={setHour} />
        <Button variant="default" loading={schedule.isPending} onClick={() => schedule.mutate(undefined)}>
          {t('exchange.weekly')}
        </Button>
      </div>
    </SettingsSection>
  );
}

function nameOfReport({ project, result }: AskedJob): string {
  if (typeof result?.['title'] === 'string') return result['title'];
  return project === null ? t('exchange.report.weekly') : t('exchange.reportOf', { name: project.name });
}

/** What comes by itself each week. */
function Schedules() {
  const { workspace } = useWorkspaceScope();
  const query = reportSchedulesQuery(workspace.id);
  const { data: schedules, error, refetch } = useQuery(query);
  const remove = useChange(
    (scheduleId: string) =>
      call('DELETE /workspaces/{id}/report-schedules/{scheduleId}', { params: { id: workspace.id, scheduleId } }),
    query.queryKey,
  );
  return (
    <>
      <ReadProblem error={error} onRetry={refetch} />
      {schedules?.length === 0 && <p className={settingsClasses.foot}>{t('exchange.weeklyNone')}</p>}
      <ul>
        {(schedules ?? []).map((schedule) => (
          <SettingsRow
            key={schedule.id}
            icon={<IconCalendarRepeat size={18} stroke={1.6} color="var(--text-3)" />}
            name={nameOfSchedule(schedule)}
            note={t('exchange.weeklyAt', {
              day: weekdays[schedule.weekday]?.name ?? '',
              hour: schedule.hour,
              zone: schedule.timeZone,
            })}
          >
            <Button size="compact-xs" variant="subtle" color="red" onClick={() => remove.mutate(schedule.id)}>
              {t('exchange.remove')}
            </Button>
          </SettingsRow>
        ))}
      </ul>
    </>
  );
}

const nameOfSchedule = ({ kind, project }: ReportSchedule): string =>
  kind === 'weekly' ? t('exchange.report.weekly') : t('exchange.reportOf', { name: project?.name ?? '' });
