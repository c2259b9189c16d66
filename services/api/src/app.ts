import { apiPrefix } from '@taskflow/contract/api';
import { DomainError } from '@taskflow/domain';
import type { Logger, Metrics } from '@taskflow/telemetry';
import Koa, { type Middleware } from 'koa';
import { isNotModified } from './http/conditional.ts';
import { type DispatchOptions, dispatch } from './http/dispatch.ts';
import type { Endpoint } from './http/endpoint.ts';
import { observe, type RequestState } from './http/observe.ts';
import type { Reply } from './http/reply.ts';
import { createRouter } from './http/router.ts';

/** What the API is made of. */
export interface AppOptions extends DispatchOptions {
  readonly endpoints: readonly Endpoint[];
  /** Pages that are no API: the documentation. */
  readonly pages: Middleware<RequestState>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly newId: () => string;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly trustedProxyHops: number;
}

/** Puts the API together. It listens nowhere yet: see `app.callback()`. */
export function createApp(options: AppOptions): Koa<RequestState> {
  const { trustedProxyHops, pages } = options;
  const app = new Koa<RequestState>({ proxy: trustedProxyHops > 0, maxIpsCount: trustedProxyHops });
  const router = createRouter(options.endpoints);

  app.use(observe(options));
  app.use(pages);
  app.use(async (ctx) => {
    const match = router.match(ctx.method, ctx.path);
    if (match.kind === 'unknown') {
      throw new DomainError('not_found');
    }
    if (match.kind === 'wrong-method') {
      ctx.set('Allow', match.allow);
      throw new DomainError('method_not_allowed');
    }
    const { endpoint, params } = match;
    const { work } = ctx.state;
    work.route = endpoint.key;
    const reply = await dispatch(options, {
      endpoint,
      method: ctx.method,
      path: ctx.path,
      params,
      query: { ...ctx.query },
      ip: ctx.ip,
      request: ctx.req,
      response: ctx.res,
      onAccess(access) {
        if (access?.caller !== undefined) {
          work.userId = access.caller.userId;
        }
        if (access?.workspace !== undefined) {
          work.workspaceId = access.workspace.id;
        }
      },
    });
    if (reply === undefined) {
      ctx.respond = false;
      return;
    }
    send(ctx, reply);
  });
  return app;
}

const send = (ctx: Koa.ParameterizedContext<RequestState>, reply: Reply): void => {
  ctx.set('Cache-Control', reply.etag === undefined ? 'no-store' : 'private, no-cache');
  if (reply.etag !== undefined) {
    ctx.set('ETag', `"${reply.etag}"`);
  }
  if (reply.location !== undefined) {
    ctx.set('Location', `${apiPrefix}${reply.location}`);
  }
  if (reply.cookie !== undefined) {
    ctx.set('Set-Cookie', reply.cookie);
  }
  const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
  if (isRead && isNotModified(ctx.get('If-None-Match') || undefined, reply.etag)) {
    ctx.status = 304;
    return;
  }
  ctx.status = reply.status;
  if (reply.body !== undefined) {
    ctx.type = 'application/json';
    ctx.body = reply.body;
  }
};
