import { apiPrefix, type RouteKey } from '@taskflow/contract/api';
import createRadixRouter, { type HTTPMethod } from 'find-my-way';
import type { Endpoint } from './endpoint.ts';

/** What stands behind a method and a path. */
export type Match =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint; readonly params: Record<string, string | undefined> }
  | { readonly kind: 'wrong-method'; readonly allow: string }
  | { readonly kind: 'unknown' };

/** Finds the endpoint of a request in time that does not grow with the number of routes. */
export interface Router {
  match(method: string, path: string): Match;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies HTTPMethod[];

const isMethod = (method: string): method is (typeof methods)[number] =>
  methods.some((candidate) => candidate === method);

/** @throws RangeError when an endpoint is there twice */
export function createRouter(endpoints: readonly Endpoint[]): Router {
  const router = createRadixRouter({ ignoreTrailingSlash: true, maxParamLength: 400, onBadUrl: () => undefined });
  const byKey = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const { method, path } = splitKey(endpoint.key);
    if (byKey.has(endpoint.key)) {
      throw new RangeError(`${endpoint.key} is there twice`);
    }
    byKey.set(endpoint.key, endpoint);
    router.on(method, `${apiPrefix}${path.replace(/\{(\w+)\}/g, ':$1')}`, () => undefined, endpoint.key);
  }

  function find(method: HTTPMethod, path: string) {
    const found = router.find(method, path);
    const endpoint = found === null ? undefined : byKey.get(String(found.store));
    return endpoint === undefined || found === null ? undefined : { endpoint, params: found.params };
  }

  return {
    match(method, path) {
      const lookedUp = method === 'HEAD' ? 'GET' : method;
      const found = isMethod(lookedUp) ? find(lookedUp, path) : undefined;
      if (found !== undefined) {
        return { kind: 'endpoint', ...found };
      }
      const allowed = methods.filter((candidate) => find(candidate, path) !== undefined);
      return allowed.length === 0
        ? { kind: 'unknown' }
        : { kind: 'wrong-method', allow: [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ') };
    },
  };
}

/** `GET /tasks/{id}` in its two parts. */
export function splitKey(key: RouteKey): { method: (typeof methods)[number]; path: string } {
  const [method = '', path = ''] = key.split(' ');
  if (!isMethod(method)) {
    throw new RangeError(`${key} does not begin with a method`);
  }
  return { method, path };
}
