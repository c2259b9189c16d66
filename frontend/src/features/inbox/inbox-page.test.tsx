import type { InboxThread } from '@taskflow/contract/notifications';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { renderInWorkspace } from '../../testing/in-workspace.tsx';
import { aNotification, aPreferences, aThread } from '../../testing/samples.ts';
import { InboxPage } from './inbox-page.tsx';

const server = startFakeApi();
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
vi.stubGlobal('scrollTo', () => undefined);

const other = aThread({
  id: 'notification-2',
  task: { id: 'task-2', key: 'WEB-7', title: 'Fix the footer', projectId: 'web', category: 'started' },
  workspace: { id: 'elsewhere', slug: 'elsewhere', name: 'Elsewhere' },
  unreadCount: 0,
  count: 5,
  latest: [
    aNotification({ id: 'n5', kind: 'commented', excerpt: 'Looks good to me' }),
    aNotification({ id: 'n4', kind: 'status_changed', statusName: 'In review' }),
    aNotification({ id: 'n3', kind: 'overdue', actor: null, dueAt: '2026-03-01T09:00:00.000Z' }),
  ],
});

/** What was marked as read, in order. */
let read: unknown[];
beforeEach(() => {
  read = [];
  server.use(
    http.get(`${apiAddress}/me/preferences`, () => HttpResponse.json(aPreferences())),
    http.post(`${apiAddress}/notifications/read`, async ({ request }) => {
      read.push(await request.json());
      return HttpResponse.json({ unread: 0 });
    }),
  );
});
afterEach(cleanup);

function open(threads: readonly InboxThread[]) {
  server.use(
    http.get(`${apiAddress}/notifications`, ({ request }) => {
      const isUnread = new URL(request.url).searchParams.get('unread') === 'true';
      const items = threads.filter(({ unreadCount }) => !isUnread || unreadCount > 0);
      return HttpResponse.json({ items, nextCursor: null });
    }),
  );
  return renderInWorkspace('/inbox', InboxPage);
}

const rows = async () => within(await screen.findByRole('list', { name: 'Notifications' })).getAllByRole('listitem');

describe('the inbox', () => {
  it('tells by task what happened, who did it, and what is unread', async () => {
    open([aThread(), other]);
    const [first, second] = await rows();
    expect(first?.textContent).toMatch(/OPS-1 Rotate the keys.*1 unread.*Jonas assigned this to you/);
    expect(second?.textContent).toMatch(/WEB-7 Fix the footer.*Elsewhere.*Jonas commented.*Looks good to me/);
    expect(second?.textContent).toMatch(/Jonas moved this to In review.*Was due:.*and 2 earlier/);
  });

  it('marks as read what is opened, over the inbox, and leads to other workspaces', async () => {
    const { history } = open([aThread(), other]);
    const link = await screen.findByRole('link', { name: 'WEB-7 Fix the footer' });
    expect(link.getAttribute('href')).toBe('/w/elsewhere/t/WEB-7');
    await userEvent.click(screen.getByRole('link', { name: 'OPS-1 Rotate the keys' }));
    await waitFor(() => expect(read).toEqual([{ ids: ['notification-1'] }]));
    expect(history.location.href).toMatch(/^\/w\/works\/inbox\?task=.*OPS-1/);
    expect(screen.queryByText('1 unread')).toBeNull();
  });

  it('marks one or all as read', async () => {
    open([aThread(), other]);
    await userEvent.click(await screen.findByRole('button', { name: 'Mark as read: OPS-1 Rotate the keys' }));
    await waitFor(() => expect(read).toEqual([{ ids: ['notification-1'] }]));
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Mark all as read' }).disabled).toBe(true);
    cleanup();
    open([aThread(), aThread({ ...other, unreadCount: 2 })]);
    await userEvent.click(await screen.findByRole('button', { name: 'Mark all as read' }));
    await waitFor(() => expect(read.at(-1)).toEqual({ all: true }));
  });

  it('shows it as unread again when that is refused', async () => {
    server.use(
      http.post(`${apiAddress}/notifications/read`, () =>
        HttpResponse.json({ type: 'x', title: 'no', status: 503, code: 'unavailable' }, { status: 503 }),
      ),
    );
    open([aThread()]);
    await userEvent.click(await screen.findByRole('button', { name: 'Mark as read: OPS-1 Rotate the keys' }));
    expect(await screen.findByText('1 unread')).toBeDefined();
  });

  it('is walked over with the arrow keys', async () => {
    open([aThread(), other]);
    (await screen.findByRole('link', { name: 'OPS-1 Rotate the keys' })).focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement?.textContent).toBe('WEB-7 Fix the footer');
    await userEvent.keyboard('{ArrowDown}{ArrowUp}');
    expect(document.activeElement?.textContent).toBe('OPS-1 Rotate the keys');
  });

  it('says what it is for when it is empty, and offers to try again when it cannot be read', async () => {
    open([]);
    expect(await screen.findByRole('heading', { name: 'Nothing new' })).toBeDefined();
    cleanup();
    server.use(
      http.get(`${apiAddress}/notifications`, () =>
        HttpResponse.json({ type: 'x', title: 'no', status: 503, code: 'unavailable' }, { status: 503 }),
      ),
    );
    renderInWorkspace('/inbox', InboxPage);
    expect(await screen.findByRole('button', { name: 'Try again' })).toBeDefined();
  });
});
