import { Button } from '@mantine/core';
import type { Task } from '@taskflow/contract/tasks';
import { IconLayoutKanban } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ErrorState, LoadingRows, PageState } from '../../components/page/page-states.tsx';
import { TaskGroup, TaskGroups } from '../../components/task/task-group.tsx';
import type { DueBucket } from '../../lib/dates/day.ts';
import { openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { myTasksQuery } from '../../lib/queries/tasks.ts';
import { bucketOf, isClosed } from '../../lib/tasks/filter.ts';
import { sorted } from '../../lib/tasks/order.ts';
import { useWithPending } from '../../lib/tasks/pending-changes.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './home.module.css';
import { RecentActivity } from './recent-activity.tsx';
import { useTitle } from '../../lib/use-title.ts';

const route = getRouteApi('/signed-in/w/$workspace/');
const none: readonly Task[] = [];

function greeting(now: Date): 'home.morning' | 'home.afternoon' | 'home.evening' {
  const hour = now.getHours();
  if (hour < 12) return 'home.morning';
  return hour < 18 ? 'home.afternoon' : 'home.evening';
}

/** The day at a glance: what the person has to do, and what the team did. */
export function HomePage() {
  const { workspace, me, projects } = useWorkspaceScope();
  const now = useNow();
  useTitle(workspace.name);
  return (
    <div className={classes['page']}>
      <h1 className={classes['greeting']}>{t(greeting(now), { name: me.name.split(' ')[0] ?? me.name })}</h1>
      {projects.length === 0 ? (
        <NoProjects />
      ) : (
        <div className={classes['columns']}>
          <MyDay />
          <RecentActivity />
        </div>
      )}
    </div>
  );
}

function NoProjects() {
  const { canWrite } = useWorkspaceScope();
  return (
    <PageState
      icon={<IconLayoutKanban size={22} stroke={1.6} />}
      title={t('home.noProjectsTitle')}
      text={t(canWrite ? 'home.noProjectsText' : 'home.noProjectsGuest')}
    >
      {canWrite && <Button onClick={() => openDialog({ kind: 'new-project' })}>{t('nav.newProject')}</Button>}
    </PageState>
  );
}

const sections: ReadonlyArray<{ readonly name: string; readonly buckets: readonly DueBucket[] }> = [
  { name: t('home.overdue'), buckets: ['overdue'] },
  { name: t('home.today'), buckets: ['today'] },
  { name: t('home.upcoming'), buckets: ['week', 'later'] },
  { name: t('home.noDate'), buckets: ['none'] },
];

function MyDay() {
  const { workspace, me } = useWorkspaceScope();
  const { task: openKey } = route.useSearch();
  const now = useNow();
  const list = useQuery(myTasksQuery(workspace.id, me.id));
  const open = useWithPending(list.data?.items ?? none).filter((task) => !isClosed(task));
  if (list.data === undefined) {
    return list.error === null ? (
      <LoadingRows />
    ) : (
      <ErrorState error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  if (open.length === 0) return <p className={classes['nothing']}>{t('home.nothingDue')}</p>;
  const ordered = sorted(open, 'dueAt');
  return (
    <div className={classes['card']}>
      <TaskGroups>
        {sections.map(({ name, buckets }) => {
          const tasks = ordered.filter((task) => buckets.includes(bucketOf(task, now)));
          return tasks.length === 0 ? null : (
            <TaskGroup key={name} name={name} tasks={tasks} openKey={openKey} withProject />
          );
        })}
      </TaskGroups>
    </div>
  );
}
