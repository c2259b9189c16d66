import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { type BoardColumn, type Place, placeOf } from './board-columns.ts';

type DragData = Record<string | symbol, unknown>;

/** What a card carries while it is dragged, and says about itself as a place to drop on. */
export const cardData = (taskId: string): DragData => ({ taskId });
/** What a column says about itself as a place to drop on. */
export const columnData = (statusId: string): DragData => ({ statusId });

/** The task that is being dragged, if it is one. */
export function readDragged(data: DragData): string | undefined {
  return typeof data['taskId'] === 'string' ? data['taskId'] : undefined;
}

/** Where a drop puts the dragged task: by the card's upper or lower half, or at the end of the column. */
export function placeOfDrop(
  columns: readonly BoardColumn[],
  taskId: string,
  targets: ReadonlyArray<{ readonly data: DragData }>,
): Place | undefined {
  const [innermost, outer] = targets;
  if (innermost === undefined) return undefined;
  const besideId = readDragged(innermost.data);
  if (besideId === undefined) return endOf(columns, taskId, innermost.data['statusId']);
  if (besideId === taskId) return outer === undefined ? undefined : placeOf(columns, taskId);
  const beside = placeOf(
    columns.map((column) => ({ ...column, tasks: column.tasks.filter((task) => task.id !== taskId) })),
    besideId,
  );
  if (beside === undefined) return undefined;
  return extractClosestEdge(innermost.data) === 'bottom' ? { ...beside, index: beside.index + 1 } : beside;
}

function endOf(columns: readonly BoardColumn[], taskId: string, statusId: unknown): Place | undefined {
  const column = columns.find((other) => other.status.id === statusId);
  if (column === undefined) return undefined;
  return { statusId: column.status.id, index: column.tasks.filter((task) => task.id !== taskId).length };
}
