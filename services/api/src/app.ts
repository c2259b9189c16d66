import { DomainError } from '@taskflow/domain';
import type { Logger, Metrics, WorkContext } from '@taskflow/telemetry';
import Koa, { type Middleware, type Next, type ParameterizedContext } from 'koa';
import { type Answer, answerOf, setCommonHeaders } from './http/answer.ts';
import { type DispatchOptions, dispatch } from './http/dispatch.ts';
import type { Endpoint } from './http/endpoint.ts';
import { observe } from './http/observe.ts';
import { createRouter } from './http/router.ts';

/** What the API is made of. */
export interface AppOptions extends DispatchOptions {
  readonly endpoints: readonly Endpoint[];
  /** Pages that are no API: the documentation. */
  readonly pages: Middleware;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly newId: () => string;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly trustedProxyHops: number;
}

/** Puts the API together. It listens nowhere yet: see `app.callback()`. */
export function createApp(options: AppOptions): Koa {
  const { trustedProxyHops, pages } = options;
  const app = new Koa({ proxy: trustedProxyHops > 0, maxIpsCount: trustedProxyHops });
  const router = createRouter(options.endpoints);

  async function handle(ctx: ParameterizedContext, work: WorkContext, next: Next): Promise<Answer | undefined> {
    const { req: request, res: response, path } = ctx;
    const { method = '' } = request;
    const match = router.match(method, path);
    if (match.kind === 'unknown') {
      setCommonHeaders(response, work.requestId);
      await next();
      if (ctx.status === 404) {
        throw new DomainError('not_found');
      }
      return undefined;
    }
    if (match.kind === 'wrong-method') {
      ctx.set('Allow', match.allow);
      throw new DomainError('method_not_allowed');
    }
    const { endpoint, params } = match;
    work.route = endpoint.key;
    if (endpoint.kind === 'stream') {
      setCommonHeaders(response, work.requestId);
      ctx.respond = false;
    }
    const reply = await dispatch(options, {
      endpoint,
      method,
      path,
      params,
      query: ctx.search === '' ? {} : { ...ctx.query },
      ip: ctx.ip,
      request,
      response,
      onAccess(access) {
        if (access?.caller !== undefined) {
          work.userId = access.caller.userId;
        }
        if (access?.workspace !== undefined) {
          work.workspaceId = access.workspace.id;
        }
      },
    });
    return reply && answerOf(reply, method, request.headers['if-none-match']);
  }

  app.use(observe(options, handle));
  app.use(pages);
  return app;
}
