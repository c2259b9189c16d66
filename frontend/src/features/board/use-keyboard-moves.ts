import type { Task } from '@taskflow/contract/tasks';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import type { MoveTarget } from '../../lib/tasks/task-actions.ts';
import { type BoardColumn, moveTarget, neighbourPlace, type Place, placeOf, withTaskAt } from './board-columns.ts';

interface Lifted {
  readonly taskId: string;
  readonly place: Place;
}

interface KeyboardMoves {
  /** The columns with the lifted card where the arrows have brought it. */
  readonly columns: readonly BoardColumn[];
  readonly liftedId: string | undefined;
  /** What screen readers should say. */
  readonly announcement: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const arrows = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

const focusCard = (taskId: string) => document.querySelector<HTMLElement>(`[data-task-id="${taskId}"] a`)?.focus();

/** The focused card's task; a field's button inside of the card keeps its own keys. */
function taskIdOf(target: EventTarget): string | undefined {
  if (!(target instanceof HTMLElement) || target.tagName !== 'A') return undefined;
  return target.closest<HTMLElement>('article[data-task-id]')?.dataset['taskId'];
}

/** Moves cards by keyboard: space lifts, arrows move, space drops, escape cancels; arrows alone walk over the cards. */
export function useKeyboardMoves(
  settled: readonly BoardColumn[],
  canMove: boolean,
  move: (task: Task, target: MoveTarget) => void,
): KeyboardMoves {
  const [lifted, setLifted] = useState<Lifted>();
  const [announcement, setAnnouncement] = useState('');
  const task = settled.flatMap((column) => column.tasks).find((other) => other.id === lifted?.taskId);
  const columns = lifted === undefined ? settled : withTaskAt(settled, lifted.taskId, lifted.place);
  const { statusId, index } = lifted?.place ?? {};

  // The card stands in another column now, so it is another element; the focus goes along.
  useEffect(() => {
    if (lifted !== undefined) focusCard(lifted.taskId);
  }, [lifted, statusId, index]);

  const say = (key: 'drag.lifted' | 'drag.moved' | 'drag.dropped', place: Place, title: string) => {
    const column = columns.find((other) => other.status.id === place.statusId);
    const total =
      (column?.tasks.length ?? 0) + (lifted !== undefined && lifted.place.statusId !== place.statusId ? 1 : 0);
    const values = { status: column?.status.name ?? '', position: place.index + 1, total };
    setAnnouncement(key === 'drag.moved' ? t(key, values) : t(key, { ...values, title }));
  };
  const drop = () => {
    if (lifted === undefined || task === undefined) return;
    const target = moveTarget(settled, task.id, lifted.place);
    const from = placeOf(settled, task.id);
    setLifted(undefined);
    say('drag.dropped', lifted.place, task.title);
    const stays = from?.statusId === lifted.place.statusId && from.index === lifted.place.index;
    if (target !== undefined && !stays) move(task, target);
    requestAnimationFrame(() => focusCard(task.id));
  };
  const cancel = () => {
    if (lifted === undefined) return;
    setLifted(undefined);
    setAnnouncement(t('drag.canceled', { title: task?.title ?? '' }));
    requestAnimationFrame(() => focusCard(lifted.taskId));
  };
  const lift = (taskId: string) => {
    const place = placeOf(settled, taskId);
    const title = settled.flatMap((column) => column.tasks).find((other) => other.id === taskId)?.title;
    if (place === undefined || title === undefined) return;
    setLifted({ taskId, place });
    say('drag.lifted', place, title);
  };
  const walk = (taskId: string, key: string) => {
    const place = placeOf(settled, taskId);
    const next = place === undefined ? undefined : neighbourPlace(settled, '', place, key);
    const other = settled.find((column) => column.status.id === next?.statusId)?.tasks;
    const found = other?.[Math.min(next?.index ?? 0, other.length - 1)];
    if (found !== undefined) focusCard(found.id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const taskId = taskIdOf(event.target);
    if (taskId === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' && canMove) {
      if (lifted === undefined) lift(taskId);
      else drop();
    } else if (event.key === 'Escape' && lifted !== undefined) cancel();
    else if (arrows.includes(event.key)) {
      if (lifted === undefined) walk(taskId, event.key);
      else {
        const next = neighbourPlace(settled, lifted.taskId, lifted.place, event.key);
        if (next !== undefined) {
          setLifted({ taskId: lifted.taskId, place: next });
          say('drag.moved', next, task?.title ?? '');
        }
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return { columns, liftedId: lifted?.taskId, announcement, onKeyDown };
}
