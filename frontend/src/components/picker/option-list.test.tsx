import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OptionList } from './option-list.tsx';

const options = [
  { id: 'low', label: 'Low' },
  { id: 'high', label: 'High' },
  { id: 'urgent', label: 'Urgent' },
];

function open(create?: (text: string) => void) {
  const onChoose = vi.fn<(id: string) => void>();
  render(
    <OptionList
      label="Set priority"
      options={options}
      selected={['high']}
      onChoose={onChoose}
      onClose={() => undefined}
      {...(create === undefined ? {} : { create: { label: (text: string) => `Create ${text}`, onCreate: create } })}
    />,
  );
  return onChoose;
}

const field = () => screen.getByRole('combobox', { name: 'Set priority' });
const active = () => document.getElementById(field().getAttribute('aria-activedescendant') ?? '')?.textContent;

// jsdom lays nothing out, so there is nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;
afterEach(cleanup);

describe('OptionList', () => {
  it('begins at what is chosen already', () => {
    open();
    expect(active()).toBe('High');
    expect(screen.getByRole('option', { name: 'High' }).getAttribute('aria-selected')).toBe('true');
  });

  it('narrows by typing and chooses with Enter', async () => {
    const onChoose = open();
    await userEvent.type(field(), 'ur{Enter}');
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('urgent');
  });

  it('walks in a circle with the arrows', async () => {
    const onChoose = open();
    await userEvent.type(field(), '{ArrowDown}{ArrowDown}{Enter}');
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('low');
  });

  it('says so when nothing matches, and chooses nothing', async () => {
    const onChoose = open();
    await userEvent.type(field(), 'zzz{Enter}');
    expect(screen.getByText('Nothing matches')).toBeDefined();
    expect(onChoose).not.toHaveBeenCalled();
  });

  it('offers to make what is not there yet', async () => {
    const create = vi.fn<(text: string) => void>();
    open(create);
    await userEvent.type(field(), 'Someday{Enter}');
    expect(create).toHaveBeenCalledExactlyOnceWith('Someday');
  });
});
