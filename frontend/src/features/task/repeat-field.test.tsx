import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { renderInWorkspace } from '../../testing/in-workspace.tsx';
import { aTask } from '../../testing/samples.ts';
import { RepeatField } from './repeat-field.tsx';

const server = startFakeApi();
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
vi.stubGlobal('scrollTo', () => undefined);
afterEach(cleanup);

const address = `${apiAddress}/tasks/task-1/recurrence`;
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Shows how a task repeats; answers what is sent. @param dueAt noon, so that the day is the same everywhere */
function open(recurrence: object | null, dueAt: string | null = '2026-03-04T12:00:00.000Z'): unknown[] {
  const sent: unknown[] = [];
  server.use(
    http.get(address, () => HttpResponse.json({ recurrence })),
    http.put(address, async ({ request }) => {
      const body: unknown = await request.json();
      sent.push(body);
      return HttpResponse.json({ recurrence: body });
    }),
    http.delete(address, () => {
      sent.push('never');
      return new HttpResponse(null, { status: 204 });
    }),
  );
  renderInWorkspace('/task', () => <RepeatField task={aTask({ dueAt })} />);
  return sent;
}

const repeats = () => screen.findByRole<HTMLSelectElement>('combobox', { name: 'Repeats' });

describe('how a task repeats', () => {
  it('is chosen among what the due date suggests, and taken back', async () => {
    const sent = open(null);
    await userEvent.selectOptions(await repeats(), 'Every Wednesday');
    const rule = 'FREQ=WEEKLY;BYDAY=WE';
    await waitFor(() => expect(sent).toEqual([{ rule, mode: 'completion', timeZone }]));
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'The next one comes' }), 'schedule');
    await waitFor(() => expect(sent.at(-1)).toEqual({ rule, mode: 'schedule', timeZone }));
    await userEvent.selectOptions(await repeats(), 'Never');
    await waitFor(() => expect(sent.at(-1)).toBe('never'));
    expect(screen.queryByRole('combobox', { name: 'The next one comes' })).toBeNull();
  });

  it('is kept and named when it is a rule of another kind', async () => {
    open({ rule: 'FREQ=MONTHLY;BYDAY=-1FR', mode: 'schedule', timeZone: 'UTC' });
    const field = await repeats();
    expect(field.selectedOptions[0]?.textContent).toBe('By its own rule: FREQ=MONTHLY;BYDAY=-1FR');
  });

  it('is no question without a due date', async () => {
    open(null, null);
    await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('is shown as it was when the choice is refused', async () => {
    open(null);
    server.use(
      http.put(address, () =>
        HttpResponse.json({ type: 'x', title: 'no', status: 422, code: 'invalid' }, { status: 422 }),
      ),
    );
    const field = await repeats();
    await userEvent.selectOptions(field, 'Every day');
    await waitFor(() => expect(field.value).toBe(''));
  });
});
