import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from './api/client.ts';
import { preferencesQuery } from './queries/notifications.ts';

/** The time zone of this browser. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Tells the API where the person is, once, so that mornings and quiet hours are theirs. They may choose another. */
export function useKnownTimeZone(): void {
  const client = useQueryClient();
  const { data } = useQuery(preferencesQuery);
  const isUnknown = data?.timeZone === null;
  useEffect(() => {
    if (!isUnknown) return;
    call('PATCH /me/preferences', { body: { timeZone: ownTimeZone() } }).then(
      (saved) => client.setQueryData(preferencesQuery.queryKey, saved),
      // It is no loss: the next visit tries again.
      () => undefined,
    );
  }, [client, isUnknown]);
}
