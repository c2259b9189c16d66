import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
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
  /** All addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
  /** Longest that one request may take, redirects included. */
  readonly timeoutMs: number;
  /** How much of an answer is read; the rest is dropped with the connection. */
  readonly maxBodyBytes: number;
  readonly maxRedirects: number;
}

/** Those that keep method and body; after others a POST would become a GET. */
const redirectsThatKeepThePost = new Set([307, 308]);

/**
 * Creates a client that server-side request forgery cannot use: each host is resolved once, every address it has must
 * be allowed, and the connection goes to the very address that was checked, so that a second answer of DNS changes
 * nothing. Redirects pass the same check.
 */
export function createOutboundHttp(options: OutboundHttpOptions): OutboundHttp {
  const { policy, resolve, timeoutMs, maxBodyBytes, maxRedirects } = options;

  async function checkedAddress(url: URL): Promise<LookupAddress> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const addresses = family === 0 ? await resolved(host) : [{ address: host, family }];
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => policy.allows(address))) {
      throw new OutboundError('ADDRESS_REFUSED', 'the address is not one that this instance may call');
    }
    return first;
  }

  async function resolved(host: string): Promise<readonly LookupAddress[]> {
    try {
      return await resolve(host);
    } catch (error) {
      throw asOutboundError(error);
    }
  }

  async function send(url: URL, request: OutboundRequest, signal: AbortSignal, redirects: number) {
    const response = await exchange(url, await checkedAddress(url), request, signal);
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

/** One request to one address; resolves with the head of the answer. */
function exchange(
  url: URL,
  { address, family }: LookupAddress,
  { headers, body }: OutboundRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // the name stays in Host and in the certificate's check; only the connection is pinned
  const lookup: LookupFunction = (_host, lookupOptions, done) => {
    if (lookupOptions.all === true) {
      done(null, [{ address, family }]);
    } else {
      done(null, address, family);
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
