import { Button, Switch } from '@mantine/core';
import type { Task } from '@taskflow/contract/tasks';
import { IconLayersSubtract, IconUserCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { ErrorState, LoadingRows, PageState } from '../../components/page/page-states.tsx';
import { openPicker } from '../../components/picker/picker-store.ts';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { TaskGroup, TaskGroups } from '../../components/task/task-group.tsx';
import { dueBuckets } from '../../lib/dates/day.ts';
import { t } from '../../lib/messages/translate.ts';
import { myTasksQuery } from '../../lib/queries/tasks.ts';
import { bucketOf, isClosed } from '../../lib/tasks/filter.ts';
import { sorted } from '../../lib/tasks/order.ts';
import { useWithPending } from '../../lib/tasks/pending-changes.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './my-tasks.module.css';
import { useTitle } from '../../lib/use-title.ts';

const route = getRouteApi('/signed-in/w/$workspace/my');
const none: readonly Task[] = [];

/** What is assigned to the person, by due date or by project. */
export function MyTasksPage() {
  const { workspace, me } = useWorkspaceScope();
  useTitle(t('my.title'));
  const { by = 'due', done, task: openKey } = route.useSearch();
  const list = useQuery(myTasksQuery(workspace.id, me.id));
  const all = useWithPending(list.data?.items ?? none);
  const shown = done === 'yes' ? all : all.filter((task) => !isClosed(task));
  const groups = useGroups(shown, by);
  return (
    <>
      <Header by={by} withClosed={done === 'yes'} />
      {list.data === undefined && list.error === null && <LoadingRows rows={10} />}
      {list.data === undefined && list.error !== null && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data !== undefined && shown.length === 0 && (
        <PageState
          icon={<IconUserCheck size={22} stroke={1.6} />}
          title={t('my.emptyTitle')}
          text={t('my.emptyText')}
        />
      )}
      <TaskGroups>
        {groups.map(({ id, name, icon, tasks }) => (
          <TaskGroup key={id} name={name} icon={icon} tasks={tasks} openKey={openKey} withProject={by === 'due'} />
        ))}
      </TaskGroups>
    </>
  );
}

interface Group {
  readonly id: string;
  readonly name: string;
  readonly icon?: ReactNode;
  readonly tasks: readonly Task[];
}

function useGroups(tasks: readonly Task[], by: 'due' | 'project'): readonly Group[] {
  const { projects } = useWorkspaceScope();
  const now = useNow();
  const ordered = sorted(tasks, 'dueAt');
  const groups: readonly Group[] =
    by === 'project'
      ? projects.map(({ id, name, color }) => ({
          id,
          name,
          icon: <LabelDot color={color} />,
          tasks: ordered.filter((task) => task.projectId === id),
        }))
      : dueBuckets.map((bucket) => ({
          id: bucket,
          name: t(`due.${bucket}`),
          tasks: ordered.filter((task) => bucketOf(task, now) === bucket),
        }));
  return groups.filter((group) => group.tasks.length > 0);
}

function Header({ by, withClosed }: { readonly by: 'due' | 'project'; readonly withClosed: boolean }) {
  const navigate = useNavigate({ from: '/w/$workspace/my' });
  const pick = ({ currentTarget }: MouseEvent<HTMLElement>) =>
    openPicker(currentTarget, {
      kind: 'one',
      label: t('view.group'),
      options: [
        { id: 'due', label: t('group.due') },
        { id: 'project', label: t('group.project') },
      ],
      value: by,
      onPick: (id) =>
        void navigate({
          search: ({ by: _by, ...rest }) => (id === 'project' ? { ...rest, by: 'project' } : rest),
          replace: true,
        }),
    });
  return (
    <header className={classes['header']}>
      <h1 className={classes['title']}>{t('my.title')}</h1>
      <Switch
        size="xs"
        label={t('my.showCompleted')}
        checked={withClosed}
        onChange={({ currentTarget: { checked } }) =>
          void navigate({
            search: ({ done: _done, ...rest }) => (checked ? { ...rest, done: 'yes' } : rest),
            replace: true,
          })
        }
      />
      <Button variant="subtle" color="gray" size="xs" leftSection={<IconLayersSubtract size={14} />} onClick={pick}>
        {t('view.groupBy', { field: t(by === 'due' ? 'group.due' : 'group.project').toLowerCase() })}
      </Button>
    </header>
  );
}
