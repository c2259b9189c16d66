import { metricNames } from '@taskflow/contract/platform';
import {
  childTraceContext,
  type Logger,
  type Metrics,
  parseTraceparent,
  runInContext,
  type WorkContext,
} from '@taskflow/telemetry';
import type { Context, Middleware } from 'koa';
import { problemOf } from './problem.ts';

/** What a request's ids and names are kept in while it runs. */
export interface RequestState {
  work: WorkContext;
}

const requestIdPattern = /^[\w.-]{8,100}$/;

/**
 * The outermost step: gives the request its ids, counts and logs it once, and answers whatever was thrown as a
 * problem document.
 */
export function observe(options: {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly newId: () => string;
  readonly now: () => number;
  readonly publicOrigin: string;
}): Middleware<RequestState> {
  const { log, metrics, newId, now, publicOrigin } = options;
  const duration = metrics.histogram({
    name: metricNames.httpRequestDurationSeconds,
    help: 'Time to answer, by route pattern.',
    labels: ['method', 'route', 'status'],
  });
  const inFlight = metrics.gauge({ name: metricNames.httpRequestsInFlight, help: 'Requests that are being answered.' });

  function answerProblem(ctx: Context, error: unknown, { requestId, trace }: WorkContext): void {
    const { problem, headers, isUnexpected } = problemOf(error, { publicOrigin, requestId, traceId: trace.traceId });
    if (ctx.req.destroyed && !ctx.req.complete) {
      ctx.status = 499;
      return;
    }
    if (isUnexpected || problem.status >= 500) {
      log.error({ err: error, code: problem.code }, 'request failed');
    }
    ctx.status = problem.status;
    ctx.set(headers);
    if (!ctx.req.complete) {
      ctx.set('Connection', 'close');
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.body = JSON.stringify(problem);
    ctx.type = 'application/problem+json';
  }

  return (ctx, next) => {
    const startedAt = now();
    const incomingId = ctx.get('X-Request-Id');
    const work: WorkContext = {
      requestId: requestIdPattern.test(incomingId) ? incomingId : newId(),
      trace: childTraceContext(parseTraceparent(ctx.get('traceparent') || undefined)),
    };
    ctx.state.work = work;
    ctx.set('X-Request-Id', work.requestId);
    ctx.set('X-Content-Type-Options', 'nosniff');
    return runInContext(work, async () => {
      inFlight.inc();
      try {
        await next();
      } catch (error) {
        answerProblem(ctx, error, work);
      }
      inFlight.dec();
      const durationMs = now() - startedAt;
      const route = work.route ?? 'unknown';
      duration.observe({ method: ctx.method, route, status: String(ctx.status) }, durationMs / 1_000);
      log.info(
        { method: ctx.method, status: ctx.status, durationMs: Math.round(durationMs * 100) / 100, ip: ctx.ip },
        'request',
      );
    });
  };
}
