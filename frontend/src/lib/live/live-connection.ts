import type { LiveEvent } from '@taskflow/contract/activity';

/** How the stream of changes is doing. */
export type LiveState = 'connecting' | 'live' | 'ended';

/** What happens on the stream; the same in the tab that holds it and in those that listen to that tab. */
export interface LiveHandlers {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onState: (state: LiveState) => void;
  /** Changes may have been missed: everything must be read again. */
  readonly onResync: () => void;
}

type Message =
  | { readonly kind: 'event'; readonly event: LiveEvent }
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'resync' }
  | { readonly kind: 'hello' };

const retryDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000];

/**
 * Follows the changes of a workspace. Tabs of one browser share one stream, because HTTP/1.1 allows six connections:
 * whoever holds a Web Lock opens it and passes everything on by BroadcastChannel; when that tab closes the next one
 * takes over and resumes behind the last event it has seen. Without Web Locks (plain http) each tab has its own.
 *
 * @returns stops following.
 */
export function followWorkspace(workspaceId: string, handlers: LiveHandlers): () => void {
  const name = `taskflow-live-${workspaceId}`;
  const stop = new AbortController();
  const channel = new BroadcastChannel(name);
  let lastEventId: number | undefined;
  let state: LiveState = 'connecting';
  let leading = false;

  const take = (message: Message) => {
    if (message.kind === 'event') {
      lastEventId = Math.max(lastEventId ?? 0, message.event.number);
      handlers.onEvent(message.event);
    } else if (message.kind === 'state') {
      state = message.state;
      handlers.onState(state);
    } else if (message.kind === 'resync') handlers.onResync();
    else if (leading) channel.postMessage({ kind: 'state', state } satisfies Message);
  };
  const publish = (message: Message) => {
    take(message);
    channel.postMessage(message);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => take(data));
  channel.postMessage({ kind: 'hello' } satisfies Message);

  const lead = () => {
    leading = true;
    return holdStream({
      address: () => addressOf(workspaceId, lastEventId),
      seen: (id) => {
        lastEventId ??= id;
      },
      publish,
      signal: stop.signal,
    });
  };
  const locks: LockManager | undefined = 'locks' in navigator ? navigator.locks : undefined;
  const held = locks === undefined ? lead() : locks.request(name, { signal: stop.signal }, lead);
  // Stopping while waiting for the lock rejects; there is nothing to do about it.
  held.catch(() => undefined);

  return () => {
    stop.abort();
    channel.close();
  };
}

function addressOf(workspaceId: string, lastEventId: number | undefined): string {
  const resume = lastEventId === undefined ? '' : `?lastEventId=${lastEventId}`;
  return `/api/v1/workspaces/${workspaceId}/events${resume}`;
}

interface StreamOptions {
  readonly address: () => string;
  /** The stream's position when it opened. */
  readonly seen: (lastEventId: number) => void;
  readonly publish: (message: Message) => void;
  readonly signal: AbortSignal;
}

/** Keeps a stream open until the signal aborts or the server ends it for good. */
function holdStream({ address, seen, publish, signal }: StreamOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource | undefined;

  const finish = () => {
    clearTimeout(timer);
    source?.close();
    resolve();
  };
  const open = () => {
    source = new EventSource(address(), { withCredentials: true });
    source.addEventListener('ready', ({ data }: MessageEvent<string>) => {
      failures = 0;
      seen(positionOf(data));
      publish({ kind: 'state', state: 'live' });
    });
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event: unknown = JSON.parse(data);
      if (isLiveEvent(event)) publish({ kind: 'event', event });
    });
    source.addEventListener('resync', () => publish({ kind: 'resync' }));
    source.addEventListener('end', ({ data }: MessageEvent<string>) => {
      // A process that stops ends its streams; the browser comes back by itself and finds another one.
      if (isShuttingDown(data)) return;
      publish({ kind: 'state', state: 'ended' });
      finish();
    });
    source.addEventListener('error', () => {
      publish({ kind: 'state', state: 'connecting' });
      // After an error status the browser gives up, after a lost connection it tries again by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)]);
      failures += 1;
    });
  };
  signal.addEventListener('abort', finish, { once: true });
  if (signal.aborted) finish();
  else open();
  return promise;
}

function positionOf(data: string): number {
  const ready: unknown = JSON.parse(data);
  return typeof ready === 'object' && ready !== null && 'lastEventId' in ready ? Number(ready.lastEventId) : 0;
}

function isShuttingDown(data: string): boolean {
  const end: unknown = JSON.parse(data);
  return typeof end === 'object' && end !== null && 'reason' in end && end.reason === 'shutting_down';
}

function isLiveEvent(value: unknown): value is LiveEvent {
  return typeof value === 'object' && value !== null && 'number' in value && 'type' in value;
}
