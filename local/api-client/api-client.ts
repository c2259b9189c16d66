import {
  type Answer,
  apiPrefix,
  type Body,
  type Params,
  type Query,
  type RouteKey,
  routes,
} from '@taskflow/contract/api';
import type { RouteContract } from '@taskflow/contract/http';

const REQUEST_TIMEOUT_MS = 15_000;

/** What a call sends. */
export interface CallOptions<Key extends RouteKey> {
  readonly params?: Params<Key>;
  readonly query?: Query<Key>;
  readonly body?: Body<Key>;
}

/** The API answered with another status than success. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;

  constructor(route: string, status: number, text: string) {
    super(`${route} answered ${status}: ${text}`);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** Somebody who calls the API, like a browser: remembers the session cookie that it was given. */
export interface ApiClient {
  /**
   * Calls a route; the answer is held against the contract.
   *
   * @throws ApiError for any answer but success
   */
  call<Key extends RouteKey>(key: Key, options?: CallOptions<Key>): Promise<Answer<Key>>;
  /** The session cookie by name and value, undefined without a session. */
  readonly cookie: { readonly name: string; readonly value: string } | undefined;
}

/** @param baseUrl origin of the API or of what stands before it, such as `http://127.0.0.1:8000` */
export function createApiClient(baseUrl: string): ApiClient {
  let cookie: ApiClient['cookie'];
  return {
    get cookie() {
      return cookie;
    },
    async call(key, options = {}) {
      const body = options.body === undefined ? undefined : JSON.stringify(options.body);
      const response = await fetch(new URL(pathOf(key, options), baseUrl), {
        method: key.slice(0, key.indexOf(' ')),
        headers: {
          ...(cookie !== undefined && { cookie: `${cookie.name}=${cookie.value}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      const { success }: RouteContract = routes[key];
      if (response.status !== success.status) {
        throw new ApiError(key, response.status, text);
      }
      cookie = sessionCookie(response.headers) ?? cookie;
      return parseAnswer(key, text);
    },
  };
}

function sessionCookie(headers: Headers): ApiClient['cookie'] {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(headers.getSetCookie()[0] ?? '') ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

function parseAnswer<Key extends RouteKey>(key: Key, text: string): Answer<Key>;
function parseAnswer(key: RouteKey, text: string): unknown {
  const { success }: RouteContract = routes[key];
  return success.body?.parse(JSON.parse(text));
}

function pathOf<Key extends RouteKey>(key: Key, options: CallOptions<Key>): string {
  const params = new Map(Object.entries(options.params ?? {}).map(([name, value]) => [name, String(value)]));
  const path = key
    .slice(key.indexOf(' ') + 1)
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params.get(name) ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>(options.query ?? {})) {
    if (value !== undefined) {
      query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }
  return `${apiPrefix}${path}${query.size === 0 ? '' : `?${query.toString()}`}`;
}
