import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { Task } from '@taskflow/contract/tasks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MoveTarget } from '../../lib/tasks/task-actions.ts';
import { aStatus, aTask } from '../../testing/samples.ts';
import { toColumns } from './board-columns.ts';
import { useKeyboardMoves } from './use-keyboard-moves.ts';

const statuses = [aStatus(), aStatus({ id: 'done', name: 'Done', category: 'completed' })];
const columns = toColumns(statuses, [
  aTask({ id: 'a', title: 'First', rank: 'a' }),
  aTask({ id: 'b', title: 'Second', rank: 'b' }),
  aTask({ id: 'c', title: 'Third', rank: 'a', statusId: 'done' }),
]);

function Board({ move }: { readonly move: (task: Task, target: MoveTarget) => void }) {
  const { columns: shown, announcement, onKeyDown } = useKeyboardMoves(columns, true, move);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div onKeyDown={onKeyDown}>
      {shown.map(({ status, tasks }) => (
        <section key={status.id} aria-label={status.name}>
          {tasks.map((task) => (
            <article key={task.id} data-task-id={task.id}>
              <a href={`#${task.id}`}>{task.title}</a>
            </article>
          ))}
        </section>
      ))}
      <p role="status">{announcement}</p>
    </div>
  );
}

function boardWithFocusOn(title: string) {
  const move = vi.fn<(task: Task, target: MoveTarget) => void>();
  render(<Board move={move} />);
  screen.getByRole('link', { name: title }).focus();
  return move;
}

const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const says = () => screen.getByRole('status').textContent;
const titlesIn = (name: string) =>
  [...screen.getByRole('region', { name }).querySelectorAll('a')].map((link) => link.textContent);

afterEach(cleanup);

describe('useKeyboardMoves', () => {
  it('lifts with space, moves with arrows, drops with space, and says each step', () => {
    const move = boardWithFocusOn('First');
    press(' ');
    expect(says()).toBe('First lifted. To do, position 1 of 2.');
    press('ArrowRight');
    expect(says()).toBe('Done, position 1 of 2.');
    expect(titlesIn('Done')).toEqual(['First', 'Third']);
    expect(document.activeElement?.textContent).toBe('First');
    press('ArrowDown');
    press(' ');
    expect(says()).toBe('First dropped in Done, position 2 of 2.');
    expect(move).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: 'a' }),
      expect.objectContaining({ statusId: 'done', above: expect.objectContaining({ id: 'c' }), below: undefined }),
    );
  });

  it('puts the card back with escape', () => {
    const move = boardWithFocusOn('First');
    press(' ');
    press('ArrowRight');
    press('Escape');
    expect(titlesIn('To do')).toEqual(['First', 'Second']);
    expect(says()).toBe('First is back where it was.');
    expect(move).not.toHaveBeenCalled();
  });

  it('sends nothing when a card is dropped where it was', () => {
    const move = boardWithFocusOn('Second');
    press(' ');
    press('ArrowUp');
    press('ArrowDown');
    press(' ');
    expect(move).not.toHaveBeenCalled();
  });

  it('walks over the cards while none is lifted', () => {
    boardWithFocusOn('First');
    press('ArrowDown');
    expect(document.activeElement?.textContent).toBe('Second');
    press('ArrowRight');
    expect(document.activeElement?.textContent).toBe('Third');
  });
});
