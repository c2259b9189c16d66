import type { Body } from '@taskflow/contract/api';
import type { InboxThread } from '@taskflow/contract/notifications';
import { type InfiniteData, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { inboxCountQuery } from '../../lib/queries/notifications.ts';

type Reading = Body<'POST /notifications/read'>;
type Pages = InfiniteData<{ readonly items: readonly InboxThread[] }>;

const threadsKey = ['inbox', 'threads'];

const asRead = (pages: Pages, { ids }: Reading): Pages => ({
  ...pages,
  pages: pages.pages.map((page) => ({
    ...page,
    items: page.items.map((thread) =>
      ids === undefined || ids.includes(thread.id) ? { ...thread, unreadCount: 0 } : thread,
    ),
  })),
});

/** Marks things as read: at once on screen, and back to what it was when that is refused. */
export function useReading() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reading: Reading) => call('POST /notifications/read', { body: reading }),
    async onMutate(reading): Promise<ReadonlyArray<[QueryKey, Pages | undefined]>> {
      await client.cancelQueries({ queryKey: threadsKey });
      const before = client.getQueriesData<Pages>({ queryKey: threadsKey });
      client.setQueriesData<Pages>({ queryKey: threadsKey }, (pages) => pages && asRead(pages, reading));
      return before;
    },
    onSuccess({ unread }) {
      client.setQueryData(inboxCountQuery.queryKey, unread);
      // The list in view keeps its rows until it is opened anew: nothing jumps under the cursor.
      void client.invalidateQueries({ queryKey: threadsKey, refetchType: 'none' });
    },
    onError(error, _reading, before) {
      for (const [key, pages] of before ?? []) client.setQueryData(key, pages);
      notifyProblem(t('inbox.readFailed'), error);
    },
  });
}
