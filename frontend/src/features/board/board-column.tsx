import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { ActionIcon } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { StatusIcon } from '../../components/task/status-icon.tsx';
import { newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './board.module.css';
import type { BoardColumn as Column } from './board-columns.ts';
import { columnData, readDragged } from './drag-data.ts';
import { TaskCard } from './task-card.tsx';

/** How many cards a column shows before it asks. */
const cardsAtFirst = 50;

interface BoardColumnProps {
  readonly column: Column;
  readonly openKey: string | undefined;
  readonly liftedId: string | undefined;
  readonly instructionsId: string;
}

/** A column of the board, named by its status. */
export function BoardColumn({ column, openKey, liftedId, instructionsId }: BoardColumnProps) {
  const { status, tasks } = column;
  const { canWrite } = useWorkspaceScope();
  const cards = useRef<HTMLUListElement>(null);
  const over = useColumnDropping(cards, status.id);
  const [shown, setShown] = useState(cardsAtFirst);

  return (
    <section className={classes['column']} aria-label={status.name} data-over={over || undefined}>
      <header className={classes['columnHead']}>
        <StatusIcon category={status.category} color={status.color} />
        <h2 className={classes['columnName']}>{status.name}</h2>
        <span className={classes['count']} title={t('view.count', { count: tasks.length })}>
          {tasks.length}
        </span>
        {canWrite && (
          <ActionIcon
            className={classes['columnAdd'] ?? ''}
            variant="subtle"
            color="gray"
            aria-label={t('view.newTaskIn', { status: status.name })}
            onClick={() =>
              openDialog({ kind: 'new-task', defaults: { ...newTaskDefaults.get(), statusId: status.id } })
            }
          >
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </header>
      <ul ref={cards} className={classes['cards']}>
        {tasks.slice(0, shown).map((task) => (
          <TaskCard
            key={task.id}
            task={task}
            open={task.key === openKey}
            lifted={task.id === liftedId}
            instructionsId={instructionsId}
          />
        ))}
        {tasks.length === 0 && <li className={classes['empty']}>{t('view.emptyColumn')}</li>}
        {tasks.length > shown && (
          <li>
            <button type="button" className={classes['more']} onClick={() => setShown(shown + 100)}>
              {t('common.showMore', { count: tasks.length - shown })}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function useColumnDropping(cards: RefObject<HTMLUListElement | null>, statusId: string): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const element = cards.current;
    if (element === null) return undefined;
    return combine(
      autoScrollForElements({ element }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => readDragged(source.data) !== undefined,
        getData: () => columnData(statusId),
        getIsSticky: () => true,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
    );
  }, [cards, statusId]);
  return over;
}
