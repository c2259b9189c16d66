import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { LoadingRows } from '../../components/page/page-states.tsx';
import { taskQuery } from '../../lib/queries/tasks.ts';
import { useTaskWithPending } from '../../lib/tasks/pending-changes.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import type { Task } from '@taskflow/contract/tasks';
import { TaskCrumb } from './task-crumb.tsx';
import { TaskDetail } from './task-detail.tsx';
import { TaskMenu } from './task-menu.tsx';
import { Missing } from './task-panel.tsx';
import { WatchButton } from './watch-button.tsx';
import classes from './task-panel.module.css';

const route = getRouteApi('/signed-in/w/$workspace/t/$key');

/** A task as a page of its own. */
export function TaskPage() {
  const key = route.useParams().key.toUpperCase();
  const { workspace } = useWorkspaceScope();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(taskQuery(client, workspace.id, key));
  if (data === undefined) {
    return error === null ? <LoadingRows rows={8} /> : <Missing error={error} onRetry={() => void refetch()} />;
  }
  const leave = () => void navigate({ to: '/w/$workspace', params: { workspace: workspace.slug } });
  return (
    <div data-task-panel data-task-id={data.id}>
      <header className={classes['head']}>
        <TaskCrumb task={data} />
        <WatchButton taskId={data.id} />
        <TaskMenu task={data} onDeleted={leave} />
      </header>
      <div className={classes['page']}>
        <Loaded key={data.id} task={data} />
      </div>
    </div>
  );
}

function Loaded({ task }: { readonly task: Task }) {
  return <TaskDetail task={useTaskWithPending(task)} wide />;
}
