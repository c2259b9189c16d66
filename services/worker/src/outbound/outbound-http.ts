import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import type { ResolveHost } from './host-resolver.ts';
import { OutboundError } from './outbound-error.ts';

/** A POST to an address that people chose. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface OutboundResponse {
  readonly status: number;
  /** As `Retry-After` said it, in whole seconds or as a date. */
  readonly retryAfter: string | undefined;
  /** The beginning of the body. */
  readonly body: string;
}

/** Makes requests to addresses that people chose. */
export interface OutboundHttp {
  /** @throws OutboundError when there was no answer, or the address is none that may be called */
  post(request: OutboundRequest): Promise<OutboundResponse>;
}

/** Options of {@link createOutboundHttp}. */
export interface OutboundHttpOptions {
  readonly policy: AddressPolicy;
  /** All addresses of a host. It need not end in time by itself. */
  readonly resolve: ResolveHost;
  /** Longest that one request may take, redirects included. */
  readonly timeoutMs: number;
  /** How much of an answer is read; the rest is dropped with the connection. */
  readonly maxBodyBytes: number;
  readonly maxRedirects: number;
}

/** Of one host, each of them checked. */
type Addresses = readonly [LookupAddress, ...LookupAddress[]];

/** Those that keep method and body; after others a POST would become a GET. */
const redirectsThatKeepThePost = new Set([307, 308]);

/**
 * Creates a client that server-side request forgery cannot use: each host is resolved once, every address it has must
 * be allowed, and the connection goes to the very addresses that were checked, so that a second answer of DNS changes
 * nothing. Redirects pass the same check.
 */
export function createOutboundHttp(options: OutboundHttpOptions): OutboundHttp {
  const { policy, resolve, timeoutMs, maxBodyBytes, maxRedirects } = options;

  async function checkedAddresses(url: URL, signal: AbortSignal): Promise<Addresses> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const [first, ...others] =
      family === 0 ? await unlessAborted(resolve(host, signal), signal) : [{ address: host, family }];
    if (first === undefined || ![first, ...others].every(({ address }) => policy.allows(address))) {
      throw new OutboundError('ADDRESS_REFUSED', 'the address is not one that this instance may call');
    }
    return [first, ...others];
  }

  async function send(url: URL, request: OutboundRequest, signal: AbortSignal, redirects: number) {
    const response = await exchange(url, await checkedAddresses(url, signal), request, signal);
    const location = response.headers.location;
    if (!redirectsThatKeepThePost.has(response.statusCode ?? 0) || location === undefined) {
      return answer(response);
    }
    response.destroy();
    const next = URL.parse(location, url.href);
    const isDowngrade = url.protocol === 'https:' && next?.protocol !== 'https:';
    if (next === null || isDowngrade || (next.protocol !== 'http:' && next.protocol !== 'https:')) {
      throw new OutboundError('REDIRECT_REFUSED', 'it redirects to where this instance does not follow');
    }
    if (redirects >= maxRedirects) {
      throw new OutboundError('TOO_MANY_REDIRECTS', `it redirects more than ${maxRedirects} times`);
    }
    return send(next, request, signal, redirects + 1);
  }

  async function answer(response: IncomingMessage): Promise<OutboundResponse> {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of response) {
      // without an encoding a response is made of buffers
      if (!Buffer.isBuffer(chunk)) {
        continue;
      }
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= maxBodyBytes) {
        response.destroy();
        break;
      }
    }
    return {
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      body: Buffer.concat(chunks).subarray(0, maxBodyBytes).toString('utf8'),
    };
  }

  return {
    async post(request) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([request.signal, deadline]);
      try {
        return await send(new URL(request.url), request, signal, 0);
      } catch (error) {
        if (deadline.aborted && !request.signal.aborted) {
          throw new OutboundError('TIMEOUT', `no answer within ${timeoutMs} ms`, { cause: error });
        }
        throw request.signal.aborted ? request.signal.reason : asOutboundError(error);
      }
    },
  };
}

/** Who looks up a name cannot be told to stop. */
function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) {
    abort();
  }
  signal.addEventListener('abort', abort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  return promise;
}

/** One request to one host; resolves with the head of the answer. */
function exchange(
  url: URL,
  addresses: Addresses,
  { headers, body }: OutboundRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // the name stays in Host and in the certificate's check; only the connection is pinned
  const lookup: LookupFunction = (_host, lookupOptions, done) => {
    if (lookupOptions.all === true) {
      done(null, [...addresses]);
    } else {
      done(null, addresses[0].address, addresses[0].family);
    }
  };
  const connect = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = connect(
    url,
    {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup,
      signal,
      agent: false,
    },
    resolve,
  );
  sent.on('error', reject);
  sent.on('upgrade', (_response, socket) => {
    socket.destroy();
    reject(new OutboundError('UPGRADE_REFUSED', 'it wants to speak something else than HTTP'));
  });
  // whatever else ends a connection, somebody waits for this
  sent.on('close', () => reject(new OutboundError('NETWORK', 'the connection ended without an answer')));
  sent.end(body);
  return promise;
}

function asOutboundError(error: unknown): OutboundError {
  if (error instanceof OutboundError) {
    return error;
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'NETWORK';
  return new OutboundError(code, 'the endpoint could not be reached', { cause: error });
}
