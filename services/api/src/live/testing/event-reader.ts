import { get, type IncomingMessage } from 'node:http';

/** One event of a stream, as a browser would dispatch it. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** A client of a stream. */
export interface EventReader {
  readonly status: number;
  /** Every event so far, oldest first. */
  readonly events: readonly ReceivedEvent[];
  /** Numbers of the messages so far. */
  readonly numbers: readonly number[];
  /** Whether the server, or {@link disconnect}, ended the stream. */
  readonly isClosed: boolean;
  readonly lastEventId: number | undefined;
  readonly headers: IncomingMessage['headers'];
  /** The text as it came, comments and retry hints included. */
  readonly text: string;
  disconnect(): void;
  /** Stops taking bytes off the connection. */
  stopReading(): void;
}

/** Connects and resolves when the head of the answer is there. */
export async function readEvents(
  address: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventReader> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = get(address, { agent: false, headers }, resolve);
  request.on('error', reject);
  const response = await promise;
  const events: ReceivedEvent[] = [];
  let text = '';
  let parsed = 0;
  let isClosed = false;
  let lastEventId: string | undefined;

  function parse(): void {
    for (let end = text.indexOf('\n\n', parsed); end !== -1; end = text.indexOf('\n\n', parsed)) {
      const fields = new Map(
        text
          .slice(parsed, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
      );
      parsed = end + 2;
      lastEventId = fields.get('id') ?? lastEventId;
      const data = fields.get('data');
      if (data !== undefined) {
        events.push({ event: fields.get('event') ?? 'message', id: fields.get('id'), data });
      }
    }
  }

  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    parse();
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    isClosed = true;
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    get numbers() {
      return events.filter(({ event }) => event === 'message').map(({ id }) => Number(id));
    },
    get isClosed() {
      return isClosed;
    },
    get lastEventId() {
      return lastEventId === undefined ? undefined : Number(lastEventId);
    },
    get text() {
      return text;
    },
    disconnect: () => void response.destroy(),
    stopReading: () => void response.pause(),
  };
}
