import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aLiveEvent } from '../../testing/samples.ts';
import { refreshInbox } from './refresh-inbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('reads the inbox again once for what comes together, and not for what concerns nobody', () => {
  const client = new QueryClient();
  const reread = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  refreshInbox(client, aLiveEvent({ changes: { title: { from: 'a', to: 'b' } } }));
  vi.advanceTimersByTime(5_000);
  expect(reread).not.toHaveBeenCalled();
  refreshInbox(client, aLiveEvent({ changes: { assigneeIds: { from: [], to: ['ada'] } } }));
  refreshInbox(client, aLiveEvent({ type: 'comment.created' }));
  vi.advanceTimersByTime(5_000);
  expect(reread).toHaveBeenCalledExactlyOnceWith({ queryKey: ['inbox'] });
  refreshInbox(client, aLiveEvent({ changes: { statusId: { from: 'todo', to: 'done' } } }));
  vi.advanceTimersByTime(5_000);
  expect(reread).toHaveBeenCalledTimes(2);
});
