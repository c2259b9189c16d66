import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { WatchButton } from './watch-button.tsx';

const server = startFakeApi();
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
afterEach(cleanup);

const address = `${apiAddress}/tasks/task-1/watch`;

function open(): string[] {
  const sent: string[] = [];
  const answer = ({ request }: { request: Request }) => {
    sent.push(request.method);
    return new HttpResponse(null, { status: 204 });
  };
  server.use(
    http.get(address, () => HttpResponse.json({ watching: true })),
    http.put(address, answer),
    http.delete(address, answer),
  );
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <WatchButton taskId="task-1" />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return sent;
}

const isPressed = () => screen.getByRole('button', { name: 'Watch this task' }).getAttribute('aria-pressed');

it('says whether the person watches the task, and changes it', async () => {
  const sent = open();
  const button = await screen.findByRole('button', { name: 'Watch this task' });
  expect(isPressed()).toBe('true');
  await userEvent.click(button);
  await waitFor(() => expect(isPressed()).toBe('false'));
  await userEvent.click(button);
  await waitFor(() => expect(sent).toEqual(['DELETE', 'PUT']));
  expect(isPressed()).toBe('true');
});

it('takes the choice back when it is refused', async () => {
  open();
  server.use(
    http.delete(address, () =>
      HttpResponse.json({ type: 'x', title: 'no', status: 403, code: 'forbidden' }, { status: 403 }),
    ),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Watch this task' }));
  await waitFor(() => expect(isPressed()).toBe('true'));
});
