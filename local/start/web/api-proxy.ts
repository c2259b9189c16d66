import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { problemCodes } from '@taskflow/contract/http';

/** Headers that belong to one connection and are not passed on (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const CONNECT_TIMEOUT_MS = 5000;

/** Passes requests on to the API. */
export interface ApiProxy {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends idle connections to the API. */
  close(): void;
}

/**
 * Passes requests on to the API on this machine and its answers back, unbuffered in both directions, so that live
 * events arrive at once. The API learns the visitor's address by X-Forwarded-For, to which this adds one hop. While
 * the API is away the answer is a 503 problem document with Retry-After.
 */
export function createApiProxy(apiPort: number): ApiProxy {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

  const handle = (incoming: IncomingMessage, outgoing: ServerResponse, attempt = 1): void => {
    const upstream = httpRequest({
      host: '127.0.0.1',
      port: apiPort,
      agent,
      method: incoming.method,
      path: incoming.url,
      headers: forwardedHeaders(incoming),
    });
    upstream.setNoDelay(true);
    limitConnectTime(upstream);
    upstream.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHopByHop(answer.headers));
      // The start of a stream of events has to arrive before its first event.
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => {
      // The API may close an idle connection at the moment it is used again: nothing was read, so nothing was done.
      if (attempt === 1 && upstream.reusedSocket && !hasBody(incoming) && !outgoing.headersSent) {
        handle(incoming, outgoing, attempt + 1);
      } else {
        unavailable(outgoing);
      }
    });
    outgoing.on('close', () => upstream.destroy());
    if (hasBody(incoming)) {
      incoming.pipe(upstream);
    } else {
      upstream.end();
    }
  };
  return { handle: (request, response) => handle(request, response), close: () => agent.destroy() };
}

function limitConnectTime(upstream: ClientRequest): void {
  upstream.on('socket', (socket) => {
    if (socket.connecting) {
      const timer = setTimeout(() => upstream.destroy(new Error('the API does not answer')), CONNECT_TIMEOUT_MS);
      const clear = (): void => clearTimeout(timer);
      socket.once('connect', clear);
      socket.once('close', clear);
    }
  });
}

function forwardedHeaders(incoming: IncomingMessage): IncomingHttpHeaders {
  const former = incoming.headers['x-forwarded-for'];
  const visitor = incoming.socket.remoteAddress ?? '';
  return {
    ...withoutHopByHop(incoming.headers),
    'x-forwarded-for': former === undefined ? visitor : `${String(former)}, ${visitor}`,
    'x-forwarded-host': incoming.headers.host,
    'x-forwarded-proto': 'http',
  };
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.has(name) && !named.has(name)),
  );
}

function hasBody(incoming: IncomingMessage): boolean {
  return incoming.headers['transfer-encoding'] !== undefined || Number(incoming.headers['content-length'] ?? 0) > 0;
}

function unavailable(outgoing: ServerResponse): void {
  if (outgoing.headersSent) {
    // Half an answer must not look like a whole one.
    outgoing.destroy();
    return;
  }
  const body = JSON.stringify({
    type: '/api/docs/problems/unavailable',
    title: problemCodes.unavailable.title,
    status: 503,
    code: 'unavailable',
    detail: 'The API is starting or restarting. Try again in a moment.',
  });
  outgoing.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '1', Connection: 'close' });
  outgoing.end(body);
}
