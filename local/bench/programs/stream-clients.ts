/** Holds streams open and tells when the last of them has been given a message. */
import { createConnection } from 'node:net';
import { performance } from 'node:perf_hooks';

const mark = '"actorId"';
let expected = 0;
let received = 0;
let sample = '';

function onData(chunk: string): void {
  for (let at = chunk.indexOf(mark); at !== -1; at = chunk.indexOf(mark, at + mark.length)) {
    received += 1;
  }
  if (received > 0 && received % expected === 0 && chunk.includes(mark)) {
    sample = chunk;
    process.send?.({ lastAtMs: performance.timeOrigin + performance.now(), sample });
  }
}

async function open(port: number, path: string, cookie: string): Promise<void> {
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.setEncoding('utf8');
  socket.on('error', reject);
  socket.once('data', (chunk: string) => (chunk.startsWith('HTTP/1.1 200') ? resolve() : reject(new Error(chunk))));
  socket.on('data', onData);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nCookie: ${cookie}\r\nAccept: text/event-stream\r\n\r\n`);
  await opened;
}

interface Order {
  readonly port: number;
  readonly path: string;
  readonly cookies: readonly string[];
}

const isOrder = (message: unknown): message is Order =>
  typeof message === 'object' && message !== null && 'cookies' in message;

process.on('message', (message) => {
  if (isOrder(message)) {
    expected = message.cookies.length;
    void openAll(message);
  }
});

async function openAll({ port, path, cookies }: Order): Promise<void> {
  for (let from = 0; from < cookies.length; from += 50) {
    await Promise.all(cookies.slice(from, from + 50).map((cookie) => open(port, path, cookie)));
  }
  process.send?.({ open: expected });
}

process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
