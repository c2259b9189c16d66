import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endFrame, messageFrame } from './frames.ts';
import { openStream } from './live-stream.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/slow') {
      setImmediate(() => response.end('slow'));
      return;
    }
    const stream = openStream(response);
    stream.write(messageFrame(1, '{"title":"Prüfen ✓"}'));
    stream.write(messageFrame(2, '[1,\n2]'));
    stream.end(endFrame('session_ended'));
    stream.write(messageFrame(3, '{"too":"late"}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(() => void server.close());

/** Sends bytes and answers all that comes back. */
async function exchange(request: string): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write(request);
  await once(socket, 'close');
  return text;
}

const expected =
  'id: 1\ndata: {"title":"Prüfen ✓"}\n\nid: 2\ndata: [1, 2]\n\nevent: end\ndata: {"reason":"session_ended"}\n\n';

/** Puts a chunked body together, as strictly as RFC 9112 has it. */
function unchunk(body: string): string {
  let rest = Buffer.from(body);
  let text = '';
  for (;;) {
    const head = /^([0-9a-f]+)\r\n/.exec(rest.toString('latin1'));
    const size = Number.parseInt(head?.[1] ?? '', 16);
    const from = head?.[0].length ?? 0;
    expect(rest.subarray(from + size, from + size + 2).toString()).toBe('\r\n');
    if (size === 0) {
      return text;
    }
    text += rest.subarray(from, from + size).toString();
    rest = rest.subarray(from + size + 2);
  }
}

describe('openStream', () => {
  it('sends well-formed chunks, and nothing after the end', async () => {
    const answer = await exchange('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s);
    expect(head.toLowerCase()).toContain('transfer-encoding: chunked');
    expect(unchunk(body)).toBe(expected);
  });

  it('sends plain text to a client that knows no chunks', async () => {
    const answer = await exchange('GET / HTTP/1.0\r\nHost: x\r\n\r\n');
    expect(answer.toLowerCase()).not.toContain('transfer-encoding');
    expect(answer.split('\r\n\r\n')[1]).toBe(expected);
  });

  it('waits for its turn behind an earlier answer on the same connection', async () => {
    const answer = await exchange(
      'GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    const [, slow = '', , body = ''] = answer.split(/\r\n\r\n(slow)(.*?)\r\n\r\n/s);
    expect(slow).toBe('slow');
    expect(unchunk(answer.slice(answer.indexOf(body)))).toBe(expected);
  });
});
