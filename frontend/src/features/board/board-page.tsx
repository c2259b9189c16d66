import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import type { Task } from '@taskflow/contract/tasks';
import { useSearch } from '@tanstack/react-router';
import { type RefObject, useEffect, useId, useMemo, useRef } from 'react';
import { ErrorState } from '../../components/page/page-states.tsx';
import { NoTasks } from '../../components/view/no-tasks.tsx';
import { t } from '../../lib/messages/translate.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useViewTasks } from '../../lib/tasks/use-view-tasks.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './board.module.css';
import { BoardColumn } from './board-column.tsx';
import { moveTarget, placeOf, toColumns, type BoardColumn as Column } from './board-columns.ts';
import { placeOfDrop, readDragged } from './drag-data.ts';
import { useKeyboardMoves } from './use-keyboard-moves.ts';

/** A project as columns of cards. */
export function BoardPage() {
  const { tasks, total, complete, filtered, error, retry } = useViewTasks();
  if (tasks === undefined) {
    return error === null || error === undefined ? <BoardSkeleton /> : <ErrorState error={error} onRetry={retry} />;
  }
  if (tasks.length === 0 && complete && filtered) return <NoTasks filtered />;
  return (
    <>
      <Board tasks={tasks} />
      {total === 0 && (
        <div className={classes['firstTask']}>
          <NoTasks filtered={false} />
        </div>
      )}
      {!complete && (
        <p className={classes['loadingNote']} role="status">
          {t('view.loadingMore', { count: total })}
        </p>
      )}
    </>
  );
}

function Board({ tasks }: { readonly tasks: readonly Task[] }) {
  const { statuses } = useProjectScope();
  const { canWrite } = useWorkspaceScope();
  const { move } = useTaskActions();
  const instructionsId = useId();
  const openKey = useSearch({ from: '/signed-in/w/$workspace' }).task;
  const settled = useMemo(() => toColumns(statuses, tasks), [statuses, tasks]);
  const { columns, liftedId, announcement, onKeyDown } = useKeyboardMoves(
    settled,
    canWrite,
    (task, target) => void move(task, target),
  );
  const board = useRef<HTMLDivElement>(null);
  useDropping(board, settled);

  return (
    // The keys belong to the cards inside; this only listens for them in one place.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={board} className={classes['board']} onKeyDown={onKeyDown}>
      {columns.map((column) => (
        <BoardColumn
          key={column.status.id}
          column={column}
          openKey={openKey}
          liftedId={liftedId}
          instructionsId={instructionsId}
        />
      ))}
      <p id={instructionsId} hidden>
        {t('drag.instructions')}
      </p>
      <p className="visually-hidden" aria-live="assertive">
        {announcement}
      </p>
    </div>
  );
}

/** Lets a drop anywhere on the board move the dragged task. */
function useDropping(board: RefObject<HTMLDivElement | null>, columns: readonly Column[]): void {
  const { move } = useTaskActions();
  const latest = useRef(columns);
  useEffect(() => {
    latest.current = columns;
  }, [columns]);

  useEffect(() => {
    const element = board.current;
    if (element === null) return undefined;
    const stopScrolling = autoScrollForElements({ element });
    const stopWatching = monitorForElements({
      onDrop: ({ source, location }) => {
        const taskId = readDragged(source.data);
        if (taskId === undefined) return;
        const from = placeOf(latest.current, taskId);
        const place = placeOfDrop(latest.current, taskId, location.current.dropTargets);
        if (place === undefined || (place.statusId === from?.statusId && place.index === from.index)) return;
        const target = moveTarget(latest.current, taskId, place);
        const task = latest.current.flatMap((column) => column.tasks).find((other) => other.id === taskId);
        if (target !== undefined && task !== undefined) void move(task, target);
      },
    });
    return () => {
      stopScrolling();
      stopWatching();
    };
  }, [board, move]);
}

function BoardSkeleton() {
  return (
    <div className={`${classes['board']} ${classes['skeletons']}`} role="status" aria-label={t('common.loading')}>
      {[4, 3, 2, 3].map((cards, column) => (
        <div key={`column-${column + 1}`} className={classes['column']}>
          <div className={classes['cards']}>
            {Array.from({ length: cards }, (_, card) => (
              <div key={`card-${card + 1}`} className={classes['skeletonCard']} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
