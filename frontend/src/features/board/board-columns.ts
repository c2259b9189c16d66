import type { Status } from '@taskflow/contract/projects';
import type { Task } from '@taskflow/contract/tasks';
import { byRank } from '../../lib/tasks/order.ts';
import type { MoveTarget } from '../../lib/tasks/task-actions.ts';

/** A column of the board: a status and its tasks in order. */
export interface BoardColumn {
  readonly status: Status;
  readonly tasks: readonly Task[];
}

/** A place on the board: a column and how many cards stand above. */
export interface Place {
  readonly statusId: string;
  readonly index: number;
}

/** Cuts tasks into the columns of a board. */
export function toColumns(statuses: readonly Status[], tasks: readonly Task[]): BoardColumn[] {
  const byStatus = Map.groupBy(tasks, (task) => task.statusId);
  return statuses.map((status) => ({ status, tasks: (byStatus.get(status.id) ?? []).toSorted(byRank) }));
}

/** Where a task stands. */
export function placeOf(columns: readonly BoardColumn[], taskId: string): Place | undefined {
  for (const { status, tasks } of columns) {
    const index = tasks.findIndex((task) => task.id === taskId);
    if (index !== -1) return { statusId: status.id, index };
  }
  return undefined;
}

/** The columns as they are with a task in another place; `index` counts the other cards of the column. */
export function withTaskAt(columns: readonly BoardColumn[], taskId: string, place: Place): BoardColumn[] {
  const task = columns.flatMap((column) => column.tasks).find((other) => other.id === taskId);
  return columns.map((column) => {
    const rest = column.tasks.filter((other) => other.id !== taskId);
    if (task === undefined || column.status.id !== place.statusId) return { ...column, tasks: rest };
    return { ...column, tasks: rest.toSpliced(place.index, 0, task) };
  });
}

/** What a move to a place means to the API: the column and the neighbours there. */
export function moveTarget(columns: readonly BoardColumn[], taskId: string, place: Place): MoveTarget | undefined {
  const column = columns.find((other) => other.status.id === place.statusId);
  if (column === undefined) return undefined;
  const rest = column.tasks.filter((task) => task.id !== taskId);
  return {
    statusId: column.status.id,
    category: column.status.category,
    above: rest[place.index - 1],
    below: rest[place.index],
  };
}

/** The place one step away by an arrow key; undefined at the edge of the board. */
export function neighbourPlace(
  columns: readonly BoardColumn[],
  taskId: string,
  place: Place,
  key: string,
): Place | undefined {
  const at = columns.findIndex((column) => column.status.id === place.statusId);
  const countIn = (index: number) => columns[index]?.tasks.filter((task) => task.id !== taskId).length ?? 0;
  if (key === 'ArrowUp') return place.index > 0 ? { ...place, index: place.index - 1 } : undefined;
  if (key === 'ArrowDown') return place.index < countIn(at) ? { ...place, index: place.index + 1 } : undefined;
  const next = columns[at + (key === 'ArrowRight' ? 1 : -1)];
  if (next === undefined) return undefined;
  return { statusId: next.status.id, index: Math.min(place.index, countIn(columns.indexOf(next))) };
}
