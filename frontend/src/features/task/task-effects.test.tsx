import type { TaskEffect } from '@taskflow/contract/operations';
import { QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it } from 'vitest';
import { createQueryClient } from '../../app/query-client.ts';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { TaskEffects } from './task-effects.tsx';

const server = startFakeApi();
afterEach(cleanup);

const effect = (fields: Partial<TaskEffect>): TaskEffect => ({
  id: crypto.randomUUID(),
  kind: 'webhook',
  about: 'task.created',
  state: 'succeeded',
  createdAt: new Date().toISOString(),
  finishedAt: null,
  ...fields,
});

async function openWith(...items: TaskEffect[]): Promise<void> {
  server.use(http.get(`${apiAddress}/tasks/t1/effects`, () => HttpResponse.json({ items, nextCursor: null })));
  render(
    <QueryClientProvider client={createQueryClient(() => undefined)}>
      <TaskEffects taskId="t1" />
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'What it caused' }));
}

describe('what a task caused', () => {
  it('is told in plain words', async () => {
    await openWith(
      effect({ kind: 'mail', about: 'notification', state: 'running' }),
      effect({ state: 'quarantined' }),
      effect({}),
      effect({ state: 'discarded' }),
    );
    const texts = (await screen.findAllByRole('listitem')).map(({ textContent }) => textContent);
    expect(texts).toEqual([
      'Mail · notificationon its way, now',
      'Webhook · task.createdkept until it can be sent, now',
      'Webhook · task.createdsent, now',
      'Webhook · task.creatednot sent, now',
    ]);
  });

  it('may be nothing', async () => {
    await openWith();
    expect(await screen.findByText('No mail and no webhook so far.')).toBeDefined();
  });
});
