import { Button } from '@mantine/core';
import type { Task } from '@taskflow/contract/tasks';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useIsGone } from '../../lib/tasks/task-cache.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { namesOf } from '../../components/task/field-labels.ts';
import { Discussion } from './discussion.tsx';
import { Subtasks } from './subtasks.tsx';
import { TaskDescription } from './task-description.tsx';
import { TaskEffects } from './task-effects.tsx';
import { TaskFields } from './task-fields.tsx';
import { TaskLinks } from './task-links.tsx';
import { TaskTitle } from './task-title.tsx';
import classes from './task-panel.module.css';
import { useTitle } from '../../lib/use-title.ts';

interface TaskDetailProps {
  readonly task: Task;
  /** Puts the fields beside the text. */
  readonly wide?: boolean;
}

/** Everything about a task; the same in the panel and on its page. */
export function TaskDetail({ task, wide = false }: TaskDetailProps) {
  const scope = useWorkspaceScope();
  const now = useNow();
  useTitle(`${task.key} ${task.title}`);
  const gone = useIsGone(task.id);
  return (
    <div className={classes['detail']} data-wide={wide || undefined}>
      {gone && <Gone task={task} />}
      <TaskTitle task={task} />
      <TaskFields task={task} />
      <div className={classes['rest']}>
        <TaskDescription task={task} />
        {task.parentId === null && <Subtasks task={task} />}
        <TaskLinks task={task} />
        <Discussion task={task} />
        <TaskEffects taskId={task.id} />
        <p className={classes['footnote']}>
          <span title={formatExact(task.createdAt)}>
            {t('task.createdBy', { person: namesOf([task.createdBy], scope), when: formatAgo(task.createdAt, now) })}
          </span>
          {' · '}
          <span title={formatExact(task.updatedAt)}>{t('task.updated', { when: formatAgo(task.updatedAt, now) })}</span>
        </p>
      </div>
    </div>
  );
}

/** Somebody deleted the task while it was open: says so, and offers to bring it back. */
function Gone({ task }: { readonly task: Task }) {
  const { restore } = useTaskActions();
  return (
    <p className={classes['ghost']} role="status">
      {t('task.deletedWhileOpen')}
      <Button size="xs" variant="default" onClick={() => void restore(task)}>
        {t('task.restore')}
      </Button>
    </p>
  );
}
