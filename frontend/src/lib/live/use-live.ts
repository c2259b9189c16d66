import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { applyLiveEvent } from './apply-live-event.ts';
import { followWorkspace, type LiveState } from './live-connection.ts';

/** Keeps the query cache of a workspace in step with what others do; tells how the connection is and restarts it. */
export function useLive(
  workspaceId: string,
  userId: string,
): { readonly state: LiveState; readonly restart: () => void } {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const [round, setRound] = useState(0);

  useEffect(() => {
    const rereadAll = () => void client.invalidateQueries();
    let before: LiveState | undefined;
    const stop = followWorkspace(workspaceId, {
      onEvent: (event) => applyLiveEvent(client, event, userId),
      onState: (next) => {
        setState(next);
        // What was read before the stream opened may miss a change in between.
        if (next === 'live' && before !== 'live') void client.invalidateQueries({ queryKey: ['tasks'] });
        // The session or the membership is over: asking again leads to the sign-in page or to "not found".
        if (next === 'ended') rereadAll();
        before = next;
      },
      onResync: rereadAll,
    });
    const wakeUp = ({ persisted }: PageTransitionEvent) => {
      if (persisted) rereadAll();
    };
    addEventListener('pageshow', wakeUp);
    return () => {
      stop();
      removeEventListener('pageshow', wakeUp);
    };
  }, [client, workspaceId, userId, round]);

  return { state, restart: useCallback(() => setRound((count) => count + 1), []) };
}
