import type { OperationsSnapshot } from '@taskflow/contract/operations';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { breakersQuery, operationsAreLive, queuesQuery, takeSnapshot } from '../../lib/queries/operations.ts';

const isSnapshot = (value: unknown): value is OperationsSnapshot =>
  typeof value === 'object' && value !== null && 'queues' in value && 'breakers' in value;

/** Snapshots come about once a second, less often when there is much to count; after so long pages ask themselves. */
const patienceMs = 20_000;
const retryMs = 5_000;

/** Follows what goes on in the background as long as the page is open; while that fails, pages read by themselves. */
export function useOperationsStream(): void {
  const client = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const setLive = (isLive: boolean) => {
      clearTimeout(silence);
      if (isLive) silence = setTimeout(() => setLive(false), patienceMs);
      if (operationsAreLive.get() === isLive) return;
      operationsAreLive.set(isLive);
      // whoever waited for the stream asks now
      if (!isLive) {
        void client.invalidateQueries({ queryKey: queuesQuery.queryKey });
        void client.invalidateQueries({ queryKey: breakersQuery.queryKey });
      }
    };
    const open = () => {
      source = new EventSource('/api/v1/operations/events', { withCredentials: true });
      source.addEventListener('message', ({ data }: MessageEvent<string>) => {
        const snapshot: unknown = JSON.parse(data);
        if (!isSnapshot(snapshot)) return;
        takeSnapshot(client, snapshot);
        setLive(true);
      });
      source.addEventListener('error', () => {
        // after an error status the browser gives up, after a lost connection it comes back by itself
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
      });
    };
    open();
    return () => {
      clearTimeout(retry);
      clearTimeout(silence);
      source?.close();
      operationsAreLive.set(false);
    };
  }, [client]);
}
