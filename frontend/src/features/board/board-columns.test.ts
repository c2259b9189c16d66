// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aStatus, aTask } from '../../testing/samples.ts';
import { moveTarget, neighbourPlace, placeOf, toColumns, withTaskAt } from './board-columns.ts';

const statuses = [
  aStatus(),
  aStatus({ id: 'doing', name: 'In progress', category: 'started' }),
  aStatus({ id: 'done' }),
];
const card = (id: string, statusId: string, rank: string) => aTask({ id, statusId, rank });
const columns = toColumns(statuses, [
  card('b', 'todo', 'b'),
  card('a', 'todo', 'a'),
  card('c', 'todo', 'c'),
  card('x', 'doing', 'a'),
]);
const idsIn = (index: number, from = columns) => from[index]?.tasks.map(({ id }) => id);

describe('toColumns', () => {
  it('sorts by rank as plain text, then by id', () => {
    expect(idsIn(0)).toEqual(['a', 'b', 'c']);
    const upper = toColumns(statuses, [card('1', 'todo', 'a'), card('2', 'todo', 'Z'), card('0', 'todo', 'a')]);
    expect(idsIn(0, upper)).toEqual(['2', '0', '1']);
  });
});

describe('moveTarget', () => {
  it('names the neighbours without the moved card itself', () => {
    expect(moveTarget(columns, 'a', { statusId: 'todo', index: 1 })).toMatchObject({
      above: { id: 'b' },
      below: { id: 'c' },
    });
  });

  it('has no neighbour below at the end, and brings the category of the column', () => {
    const target = moveTarget(columns, 'a', { statusId: 'doing', index: 1 });
    expect(target).toMatchObject({ category: 'started', above: { id: 'x' } });
    expect(target?.below).toBeUndefined();
  });
});

describe('withTaskAt', () => {
  it('keeps every card exactly once, wherever one is moved', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'b', 'c', 'x'),
        fc.constantFrom('todo', 'doing', 'done'),
        fc.nat(5),
        (id, statusId, index) => {
          const moved = withTaskAt(columns, id, { statusId, index });
          expect(moved.flatMap(({ tasks }) => tasks.map((task) => task.id)).toSorted()).toEqual(['a', 'b', 'c', 'x']);
          expect(placeOf(moved, id)?.statusId).toBe(statusId);
        },
      ),
    );
  });
});

describe('neighbourPlace', () => {
  it('stops at the edges of the board', () => {
    expect(neighbourPlace(columns, 'a', { statusId: 'todo', index: 0 }, 'ArrowUp')).toBeUndefined();
    expect(neighbourPlace(columns, 'a', { statusId: 'todo', index: 2 }, 'ArrowDown')).toBeUndefined();
    expect(neighbourPlace(columns, 'a', { statusId: 'todo', index: 0 }, 'ArrowLeft')).toBeUndefined();
  });

  it('goes to the same height in the next column, or to its end', () => {
    expect(neighbourPlace(columns, 'c', { statusId: 'todo', index: 2 }, 'ArrowRight')).toEqual({
      statusId: 'doing',
      index: 1,
    });
    expect(neighbourPlace(columns, 'x', { statusId: 'doing', index: 0 }, 'ArrowRight')).toEqual({
      statusId: 'done',
      index: 0,
    });
  });
});
