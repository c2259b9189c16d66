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
import { splitKey } from '../http/router.ts';

/** What a test sends to a route. */
export interface SendOptions<Key extends RouteKey> {
  readonly params?: Params<Key>;
  readonly query?: Query<Key>;
  readonly body?: Body<Key>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, undefined when empty. */
  readonly json: unknown;
}

/** Somebody who calls the API; remembers the cookie that it was given. */
export interface Client {
  /** Calls a route that must succeed; the answer is held against the contract's strict schema. */
  call<Key extends RouteKey>(key: Key, options?: SendOptions<Key>): Promise<Answer<Key>>;
  /** Calls a route, whatever comes of it. */
  send<Key extends RouteKey>(key: Key, options?: SendOptions<Key>): Promise<RawAnswer>;
  /** Sends anything anywhere. */
  fetch(path: string, init?: RequestInit): Promise<RawAnswer>;
  /** The session cookie, as the Cookie header has it. */
  cookie: string;
}

/** Creates a client. @param headers sent with every request */
export function createClient(baseUrl: string, headers: Readonly<Record<string, string>> = {}): Client {
  const client: Client = {
    cookie: '',
    async fetch(path, init = {}) {
      const response = await fetch(`${baseUrl}${path}`, {
        ...init,
        signal: AbortSignal.timeout(15_000),
        headers: {
          ...headers,
          ...(client.cookie !== '' && { cookie: client.cookie }),
          ...Object.fromEntries(new Headers(init.headers)),
        },
      });
      const [cookie] = response.headers.getSetCookie();
      if (cookie !== undefined) {
        client.cookie = cookie.split(';', 1)[0] ?? '';
      }
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, json };
    },
    send(key, options = {}) {
      const { method } = splitKey(key);
      return client.fetch(pathOf(key, options), {
        method,
        headers: { ...(options.body !== undefined && { 'content-type': 'application/json' }), ...options.headers },
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      });
    },
    async call(key, options) {
      const answer = await client.send(key, options);
      const { success }: RouteContract = routes[key];
      if (answer.status !== success.status) {
        throw new Error(`${key} answered ${answer.status}: ${answer.text}`);
      }
      return parseAnswer(key, answer.json);
    },
  };
  return client;
}

function parseAnswer<Key extends RouteKey>(key: Key, json: unknown): Answer<Key>;
function parseAnswer(key: RouteKey, json: unknown): unknown {
  const { success }: RouteContract = routes[key];
  return success.body?.parse(json);
}

function pathOf<Key extends RouteKey>(key: Key, options: SendOptions<Key>): string {
  const params = new Map(Object.entries(options.params ?? {}).map(([name, value]) => [name, String(value)]));
  const path = splitKey(key).path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params.get(name) ?? ''),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (typeof value === 'string' || typeof value === 'number') {
      query.set(name, String(value));
    }
  }
  return `${apiPrefix}${path}${query.size === 0 ? '' : `?${query.toString()}`}`;
}
