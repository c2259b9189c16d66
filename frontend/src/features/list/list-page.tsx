import { ActionIcon } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ErrorState, LoadingRows } from '../../components/page/page-states.tsx';
import { TaskGroup, TaskGroups } from '../../components/task/task-group.tsx';
import { NoTasks } from '../../components/view/no-tasks.tsx';
import { newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { sorted } from '../../lib/tasks/order.ts';
import { useViewSearch, useViewTasks } from '../../lib/tasks/use-view-tasks.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { groupTasks } from './group-tasks.tsx';
import classes from './list.module.css';

/** A project as grouped rows; filter, grouping and order live in the address. */
export function ListPage() {
  const { tasks, total, complete, filtered, error, retry } = useViewTasks();
  const { group = 'status', sort = 'rank' } = useViewSearch();
  const project = useProjectScope();
  const workspace = useWorkspaceScope();
  const now = useNow();
  const openKey = useSearch({ from: '/signed-in/w/$workspace' }).task;
  const groups = useMemo(
    () => (tasks === undefined ? undefined : groupTasks(sorted(tasks, sort), group, project, workspace, now)),
    [tasks, sort, group, project, workspace, now],
  );

  if (groups === undefined) {
    return error === null || error === undefined ? (
      <LoadingRows rows={12} />
    ) : (
      <ErrorState error={error} onRetry={retry} />
    );
  }
  if (groups.length === 0 && complete) return <NoTasks filtered={filtered} />;
  return (
    <div className={classes['list']}>
      <TaskGroups>
        {groups.map(({ id, name, icon, tasks: rows, defaults }) => (
          <TaskGroup
            key={id}
            name={name}
            icon={icon}
            tasks={rows}
            openKey={openKey}
            action={
              workspace.canWrite && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={t('view.newTaskIn', { status: name })}
                  onClick={() => openDialog({ kind: 'new-task', defaults: { ...newTaskDefaults.get(), ...defaults } })}
                >
                  <IconPlus size={16} />
                </ActionIcon>
              )
            }
          />
        ))}
        {!complete && (
          <p className={classes['note']} role="status">
            {t('view.loadingMore', { count: total })}
          </p>
        )}
      </TaskGroups>
    </div>
  );
}
