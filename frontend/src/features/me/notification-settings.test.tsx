import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { aPreferences } from '../../testing/samples.ts';
import { NotificationSettings } from './notification-settings.tsx';

const server = startFakeApi();
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));

/** What was changed, in order. */
let changes: unknown[];
beforeEach(() => {
  changes = [];
});
afterEach(cleanup);

function open(preferences = aPreferences()) {
  server.use(
    http.get(`${apiAddress}/me/preferences`, () => HttpResponse.json(preferences)),
    http.patch(`${apiAddress}/me/preferences`, async ({ request }) => {
      const patch: unknown = await request.json();
      changes.push(patch);
      const changed = typeof patch === 'object' && patch !== null ? patch : {};
      return HttpResponse.json({ ...preferences, ...changed, channels: preferences.channels });
    }),
  );
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <NotificationSettings />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

describe('notification settings', () => {
  it('save each choice by itself', async () => {
    open();
    const mentions = await screen.findByRole('combobox', { name: 'Where: Somebody mentions you' });
    await userEvent.selectOptions(mentions, 'Mail');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Mails' }), 'Once a day, at 8:00');
    await userEvent.click(screen.getByRole('switch', { name: 'Quiet hours' }));
    await waitFor(() =>
      expect(changes).toEqual([
        { channels: { mentioned: 'mail' } },
        { mailDelivery: 'daily' },
        { quietHours: { from: '20:00', until: '07:00' } },
      ]),
    );
    expect(screen.getByLabelText<HTMLInputElement>('Quiet from').value).toBe('20:00');
  });

  it('take the time zone of the browser when none is known, and no other on their own', async () => {
    open(aPreferences({ timeZone: null }));
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await waitFor(() => expect(changes).toEqual([{ timeZone: own }]));
    cleanup();
    changes = [];
    open(aPreferences({ timeZone: 'Asia/Tokyo' }));
    expect((await screen.findByRole<HTMLSelectElement>('combobox', { name: 'Time zone' })).value).toBe('Asia/Tokyo');
    expect(changes).toEqual([]);
  });

  it('show what the server has when a choice is refused', async () => {
    open();
    server.use(
      http.patch(`${apiAddress}/me/preferences`, () =>
        HttpResponse.json({ type: 'x', title: 'no', status: 503, code: 'unavailable' }, { status: 503 }),
      ),
    );
    const mails = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'Mails' });
    await userEvent.selectOptions(mails, 'Never');
    await waitFor(() => expect(mails.value).toBe('at_once'));
  });
});
