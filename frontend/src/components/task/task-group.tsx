import type { Task } from '@taskflow/contract/tasks';
import { type ReactNode, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import classes from './task-group.module.css';
import { TaskRow } from './task-row.tsx';

/** How many rows a group shows before it asks. */
const rowsAtFirst = 200;

/** Groups of rows, one under the other. */
export function TaskGroups({ children }: { readonly children: ReactNode }) {
  return <div className={classes['groups']}>{children}</div>;
}

interface TaskGroupProps {
  readonly name: string;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
  readonly tasks: readonly Task[];
  readonly openKey?: string | undefined;
  readonly withProject?: boolean;
}

/** Rows that belong together, under their name. */
export function TaskGroup({ name, icon, action, tasks, openKey, withProject = false }: TaskGroupProps) {
  const [shown, setShown] = useState(rowsAtFirst);
  return (
    <section aria-label={name}>
      <header className={classes['head']}>
        {icon}
        <h2 className={classes['name']}>{name}</h2>
        <span className={classes['count']}>{tasks.length}</span>
        {action}
      </header>
      <ul>
        {tasks.slice(0, shown).map((task) => (
          <TaskRow key={task.id} task={task} open={task.key === openKey} withProject={withProject} />
        ))}
      </ul>
      {tasks.length > shown && (
        <button type="button" className={classes['more']} onClick={() => setShown(shown + rowsAtFirst * 2)}>
          {t('common.showMore', { count: tasks.length - shown })}
        </button>
      )}
    </section>
  );
}
