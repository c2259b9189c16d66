import { MantineProvider } from '@mantine/core';
import type { Breaker, JobSummary, OperationsSnapshot, QuarantineGroup, Queues } from '@taskflow/contract/operations';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { act, cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueryClient } from '../../app/query-client.ts';
import { createAppRouter } from '../../app/router.tsx';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';

const ada = { id: 'ada', email: 'ada@example.com', name: 'Ada', isOperator: true, emailVerified: true, version: 1 };
const at = '2026-03-02T09:00:00.000Z';
const depth = { scheduled: 0, pending: 0, queued: 0, running: 0, retrying: 0, quarantined: 0 };
const idle = { depth, oldestPendingAt: null, lastMinute: { succeeded: 0, failed: 0 } };
const queues: Queues = {
  at,
  queues: [
    { priority: 'critical', ...idle },
    { priority: 'default', ...idle, depth: { ...depth, pending: 7, quarantined: 2 } },
    { priority: 'bulk', ...idle },
  ],
  types: [
    {
      type: 'email.send',
      isKnown: true,
      priority: null,
      defaultPriority: 'default',
      pausedAt: null,
      concurrency: 10,
      ...idle,
    },
  ],
  workers: [],
};
const breaker: Breaker = {
  key: 'webhook.deliver@one:HTTP_503',
  type: 'webhook.deliver',
  scope: 'one',
  scopeName: 'hooks.example.com',
  errorCode: 'HTTP_503',
  state: 'open',
  mode: 'auto',
  modeSetBy: null,
  modeSetAt: null,
  failuresInWindow: 5,
  runsInWindow: 6,
  consecutiveFailures: 5,
  openedAt: at,
  failingSince: at,
  cooldownMs: 60_000,
  probeAt: at,
  probeInMs: 42_000,
  quarantined: 37,
};
const job: JobSummary = {
  id: '01952f00-0000-7000-8000-000000000001',
  type: 'email.send',
  priority: 'default',
  state: 'quarantined',
  reason: 'exhausted',
  scope: 'mail.test',
  workspace: null,
  attempt: 3,
  tries: 3,
  errorCode: 'SMTP_451',
  errorMessage: 'try later',
  fingerprint: 'f1',
  breakerKey: null,
  progress: null,
  createdAt: at,
  runAt: at,
  startedAt: at,
  finishedAt: null,
  cancelRequestedAt: null,
};
const group: QuarantineGroup = {
  type: 'email.send',
  reason: 'exhausted',
  errorCode: 'SMTP_451',
  fingerprint: null,
  breakerKey: null,
  count: 2,
  oldestAt: at,
  newestAt: at,
  jobId: job.id,
  errorMessage: 'try later',
};
const page = (...items: unknown[]) => HttpResponse.json({ items, nextCursor: null });

const server = startFakeApi();

/** The stream of operations, as a test speaks through it. */
class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static last: FakeStream | undefined;
  readyState = 1;
  constructor() {
    super();
    FakeStream.last = this;
  }
  close(): void {
    this.readyState = FakeStream.CLOSED;
  }
  tell(snapshot: OperationsSnapshot): void {
    act(() => void this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(snapshot) })));
  }
}

function openAt(address: string): void {
  history.replaceState(null, '', address);
  const queryClient = createQueryClient(() => undefined);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={createAppRouter(queryClient)} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

// Pages load when they are opened, which takes a busy machine a while.
configure({ asyncUtilTimeout: 10_000 });
vi.stubGlobal('EventSource', FakeStream);
// jsdom has none of these, and nothing here depends on what they would say.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
vi.stubGlobal('scrollTo', () => undefined);
vi.stubGlobal('CSS', { escape: (text: string) => text });
beforeEach(() => {
  server.use(
    http.get(`${apiAddress}/me`, () => HttpResponse.json(ada)),
    http.get(`${apiAddress}/queues`, () => HttpResponse.json(queues)),
    http.get(`${apiAddress}/breakers`, () => HttpResponse.json({ items: [], nextCursor: null, isLive: true })),
    http.get(`${apiAddress}/jobs/quarantine`, () => page(group)),
    http.get(`${apiAddress}/jobs`, () => page(job)),
  );
});
afterEach(cleanup);

describe('operations', () => {
  it('are nowhere to be found for those who do not operate the instance', async () => {
    server.use(http.get(`${apiAddress}/me`, () => HttpResponse.json({ ...ada, isOperator: false })));
    openAt('/operations');
    await screen.findByText('Nothing here');
    expect(screen.queryByRole('navigation', { name: 'Sections of operations' })).toBeNull();
  });

  it('show what waits, and what the stream tells from then on', async () => {
    openAt('/operations');
    const card = await screen.findByRole('region', { name: 'Default' });
    expect(card.textContent).toContain('7 Waiting');
    expect(screen.getByText('Read every 2 s')).toBeDefined();
    const [critical, normal, bulk] = queues.queues;
    if (critical === undefined || normal === undefined || bulk === undefined) throw new Error('a queue is missing');
    const now = { ...queues, queues: [critical, { ...normal, depth: { ...depth, pending: 9 } }, bulk] };
    FakeStream.last?.tell({ queues: now, breakers: { items: [], nextCursor: null, isLive: true } });
    await waitFor(() => expect(card.textContent).toContain('9 Waiting'));
    expect(screen.getByText('Live')).toBeDefined();
  });

  it('pause a type of job', async () => {
    const sent = vi.fn();
    server.use(
      http.patch(`${apiAddress}/job-types/email.send`, async ({ request }) => {
        sent(await request.json());
        return HttpResponse.json({ type: 'email.send', pausedAt: at, priority: null });
      }),
    );
    openAt('/operations');
    await userEvent.click(await screen.findByRole('button', { name: 'Pause email.send' }));
    await waitFor(() => expect(sent).toHaveBeenCalledWith({ isPaused: true }));
  });
});

describe('jobs', () => {
  it('are narrowed by the address, and by what is chosen, which goes into the address', async () => {
    const asked: string[] = [];
    server.use(
      http.get(`${apiAddress}/jobs`, ({ request }) => {
        asked.push(new URL(request.url).searchParams.toString());
        return page(job);
      }),
    );
    openAt('/operations/jobs?state=quarantined&error=SMTP_451&reason=nonsense');
    await screen.findByRole('button', { name: 'email.send' });
    expect(asked[0]).toBe('state=quarantined&error=SMTP_451&limit=50');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'Running');
    await waitFor(() => expect(location.search).toContain('state=running'));
    await waitFor(() => expect(asked.at(-1)).toBe('state=running&error=SMTP_451&limit=50'));
  });

  it('open beside the list with the sentence, the attempts and what can be done, and close by Escape', async () => {
    const details = {
      ...job,
      payload: { mailId: 'm1', token: '[redacted]' },
      result: null,
      attempts: [
        {
          attempt: 1,
          outcome: 'failed',
          worker: 'w1',
          startedAt: at,
          finishedAt: at,
          errorCode: 'SMTP_451',
          errorMessage: 'try later',
        },
      ],
      worker: 'w1',
      isProbe: false,
      expiresAt: null,
      queuedAt: at,
      leaseExpiresAt: null,
      discardReason: null,
      uniqueKey: null,
      requestedBy: null,
      taskId: null,
      requestId: null,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    };
    const released = vi.fn();
    server.use(
      http.get(`${apiAddress}/jobs/${job.id}`, () => HttpResponse.json(details)),
      http.get(`${apiAddress}/jobs/${job.id}/why`, () =>
        HttpResponse.json({
          jobId: job.id,
          state: 'quarantined',
          cause: 'exhausted',
          sentence: 'Was stopped after 3 tries: SMTP_451.',
          nextAt: null,
          breakerKey: null,
          errorCode: 'SMTP_451',
        }),
      ),
      http.post(`${apiAddress}/jobs/${job.id}/release`, () => {
        released();
        return HttpResponse.json(details);
      }),
    );
    openAt('/operations/jobs');
    await userEvent.click(await screen.findByRole('button', { name: 'email.send' }));
    const panel = within(await screen.findByRole('complementary', { name: `Job ${job.id}` }));
    await panel.findByText('Was stopped after 3 tries: SMTP_451.');
    expect(panel.getByText('Attempt 1')).toBeDefined();
    expect(panel.getByText('0af7651916cd43dd8448eb211c80319c')).toBeDefined();
    await userEvent.click(panel.getByRole('button', { name: 'Release' }));
    await waitFor(() => expect(released).toHaveBeenCalledOnce());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
  });
});

describe('quarantine', () => {
  it('releases exactly the group that is alike, after asking', async () => {
    const sent = vi.fn();
    server.use(
      http.post(`${apiAddress}/jobs/bulk`, async ({ request }) => {
        sent(await request.json());
        return HttpResponse.json({ changed: 2, hasMore: false });
      }),
    );
    openAt('/operations/quarantine');
    await userEvent.click(await screen.findByRole('button', { name: 'Release these' }));
    expect(sent).not.toHaveBeenCalled();
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.click(dialog.getByRole('button', { name: 'Release all' }));
    await screen.findByText('2 jobs released');
    expect(sent).toHaveBeenCalledWith({
      action: 'release',
      filter: {
        state: 'quarantined',
        type: 'email.send',
        reason: 'exhausted',
        errorCode: 'SMTP_451',
        fingerprint: null,
      },
    });
  });

  it('says so when it is empty', async () => {
    server.use(http.get(`${apiAddress}/jobs/quarantine`, () => page()));
    openAt('/operations/quarantine');
    expect(await screen.findByText('Nothing is in quarantine')).toBeDefined();
  });

  it('says what happened when it cannot be read, and offers to try again', async () => {
    server.use(
      http.get(`${apiAddress}/jobs/quarantine`, () =>
        HttpResponse.json({ type: 'x', title: 'No', status: 403, code: 'forbidden' }, { status: 403 }),
      ),
    );
    openAt('/operations/quarantine');
    const alert = within(await screen.findByRole('alert'));
    server.use(http.get(`${apiAddress}/jobs/quarantine`, () => page(group)));
    await userEvent.click(alert.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: 'Release these' })).toBeDefined();
  });
});

describe('breakers', () => {
  it('count down to their probe and lead to the jobs that wait', async () => {
    server.use(
      http.get(`${apiAddress}/breakers`, () => HttpResponse.json({ items: [breaker], nextCursor: null, isLive: true })),
    );
    openAt('/operations/breakers');
    expect((await screen.findByRole('timer')).textContent).toBe('Probe in 42s');
    const link = screen.getByRole('link', { name: '37 jobs wait' });
    expect(link.getAttribute('href')).toContain('breaker=webhook.deliver%40one%3AHTTP_503');
    expect(screen.getByText(/webhook\.deliver · hooks\.example\.com/)).toBeDefined();
  });

  it('say that they may be old news while Redis is away', async () => {
    server.use(
      http.get(`${apiAddress}/breakers`, () =>
        HttpResponse.json({ items: [breaker], nextCursor: null, isLive: false }),
      ),
    );
    openAt('/operations/breakers');
    expect(await screen.findByText(/Redis is away/)).toBeDefined();
  });

  it('are forced by name of their key', async () => {
    const sent = vi.fn();
    server.use(
      http.get(`${apiAddress}/breakers`, () => HttpResponse.json({ items: [breaker], nextCursor: null, isLive: true })),
      http.put(`${apiAddress}/breakers/:key/mode`, async ({ request, params }) => {
        sent(params['key'], await request.json());
        return HttpResponse.json({ ...breaker, mode: 'closed' });
      }),
    );
    openAt('/operations/breakers');
    await userEvent.selectOptions(await screen.findByRole('combobox'), 'Forced closed');
    await waitFor(() => expect(sent).toHaveBeenCalledWith(breaker.key, { mode: 'closed' }));
  });
});
