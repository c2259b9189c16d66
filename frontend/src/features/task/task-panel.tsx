import { ActionIcon } from '@mantine/core';
import { IconArrowsDiagonal, IconMoodEmpty, IconX } from '@tabler/icons-react';
import type { Task } from '@taskflow/contract/tasks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type CSSProperties, useEffect, useRef } from 'react';
import { ErrorState, LoadingRows, PageState } from '../../components/page/page-states.tsx';
import { isProblem } from '../../lib/api/problem.ts';
import { t } from '../../lib/messages/translate.ts';
import { taskQuery } from '../../lib/queries/tasks.ts';
import { useTaskWithPending } from '../../lib/tasks/pending-changes.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { TaskCrumb } from './task-crumb.tsx';
import { TaskDetail } from './task-detail.tsx';
import { TaskMenu } from './task-menu.tsx';
import classes from './task-panel.module.css';
import { WatchButton } from './watch-button.tsx';
import { usePanelWidth } from './use-panel-width.ts';

/** A task beside the page in view: resizable on a desk, the whole screen on a phone. */
export function TaskPanel({ taskKey }: { readonly taskKey: string }) {
  const { workspace } = useWorkspaceScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(taskQuery(client, workspace.id, taskKey));
  const { width, grip } = usePanelWidth();
  const panel = useRef<HTMLElement>(null);
  const style: CSSProperties & Record<'--panel-width', string> = { '--panel-width': `${width}px` };
  const close = () => void navigate({ to: '.', search: ({ task: _closed, ...rest }) => rest });

  // Opening leads the keyboard into the panel; its own fields come next.
  useEffect(() => panel.current?.focus({ preventScroll: true }), [taskKey]);
  useFocusBack(data?.id);

  return (
    <aside
      ref={panel}
      className={classes['panel']}
      style={style}
      aria-label={t('task.panel', { key: taskKey })}
      tabIndex={-1}
      data-task-panel
      data-task-id={data?.id}
    >
      {/* A window splitter is a separator that takes the focus (WAI-ARIA). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex */}
      <div
        className={classes['grip']}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('task.resize')}
        tabIndex={0}
        {...grip}
      />
      <header className={classes['head']}>
        {data === undefined ? <span className={classes['crumb']}>{taskKey}</span> : <TaskCrumb task={data} />}
        {data !== undefined && <WatchButton key={data.id} taskId={data.id} />}
        {data !== undefined && <TaskMenu task={data} onDeleted={close} />}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('task.openFull')}
          renderRoot={(props) => (
            <Link to="/w/$workspace/t/$key" params={{ workspace: workspace.slug, key: taskKey }} {...props} />
          )}
        >
          <IconArrowsDiagonal size={17} stroke={1.7} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.close')} onClick={close}>
          <IconX size={18} stroke={1.7} />
        </ActionIcon>
      </header>
      <div className={classes['scroll']}>
        {data !== undefined && <LoadedTask key={data.id} task={data} />}
        {data === undefined && error === null && <LoadingRows rows={8} />}
        {data === undefined && error !== null && <Missing error={error} onRetry={() => void refetch()} />}
      </div>
    </aside>
  );
}

/** Closing leads the keyboard back to the card or row of the task, unless it has gone elsewhere. */
function useFocusBack(taskId: string | undefined): void {
  const latest = useRef(taskId);
  useEffect(() => {
    latest.current = taskId;
  }, [taskId]);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body || latest.current === undefined) return;
        document.querySelector<HTMLElement>(`[data-task-id="${latest.current}"] a`)?.focus({ preventScroll: true });
      });
    },
    [],
  );
}

function LoadedTask({ task }: { readonly task: Task }) {
  return <TaskDetail task={useTaskWithPending(task)} />;
}

/** What stands in place of a task that cannot be shown. */
export function Missing({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!isProblem(error, 'not_found')) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <PageState
      icon={<IconMoodEmpty size={22} stroke={1.6} />}
      title={t('problem.notFoundTitle')}
      text={t('problem.notFoundText')}
    />
  );
}
