import type { Task } from '@taskflow/contract/tasks';
import { Link } from '@tanstack/react-router';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './task-panel.module.css';

/** Where a task belongs, and its key. */
export function TaskCrumb({ task }: { readonly task: Task }) {
  const { workspace, projectById } = useWorkspaceScope();
  const project = projectById.get(task.projectId);
  return (
    <span className={classes['crumb']}>
      {project !== undefined && (
        <>
          <LabelDot color={project.color} />
          <Link to="/w/$workspace/p/$key/board" params={{ workspace: workspace.slug, key: project.key }}>
            {project.name}
          </Link>
          <span aria-hidden>›</span>
        </>
      )}
      <span>{task.key}</span>
    </span>
  );
}
