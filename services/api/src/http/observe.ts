import { metricNames } from '@taskflow/contract/platform';
import {
  childTraceContext,
  type Logger,
  type Metrics,
  parseTraceparent,
  runInContext,
  type WorkContext,
} from '@taskflow/telemetry';
import type { Middleware, Next, ParameterizedContext } from 'koa';
import { type Answer, answerOfProblem, send } from './answer.ts';
import { problemOf } from './problem.ts';

/** Makes the answer to a request; none where somebody else writes it: Koa a page, an endpoint its stream. */
export type Handler = (ctx: ParameterizedContext, work: WorkContext, next: Next) => Promise<Answer | undefined>;

const requestIdPattern = /^[\w.-]{8,100}$/;

/** The status in the log when the client had left before there was an answer, as nginx has it. */
const clientLeft = 499;

const single = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

/**
 * The outermost step: gives the request its ids, sends what was answered - whatever was thrown as a problem document -
 * and counts and logs it once.
 */
export function observe(
  options: {
    readonly log: Logger;
    readonly metrics: Metrics;
    readonly newId: () => string;
    readonly now: () => number;
    readonly publicOrigin: string;
  },
  handle: Handler,
): Middleware {
  const { log, metrics, newId, now, publicOrigin } = options;
  const duration = metrics.histogram({
    name: metricNames.httpRequestDurationSeconds,
    help: 'Time to answer, by route pattern.',
    labels: ['method', 'route', 'status'],
  });
  let inFlight = 0;
  metrics.gauge({
    name: metricNames.httpRequestsInFlight,
    help: 'Requests that are being answered.',
    collect: (gauge) => gauge.set(inFlight),
  });

  function answerFailure(error: unknown, isComplete: boolean, { requestId, trace }: WorkContext): Answer {
    const answer = problemOf(error, { publicOrigin, requestId, traceId: trace.traceId });
    const { status, code } = answer.problem;
    if (answer.isUnexpected || status >= 500) {
      log.error({ err: error, code }, 'request failed');
    }
    return answerOfProblem(answer, !isComplete);
  }

  async function answerAndLog(ctx: ParameterizedContext, work: WorkContext, next: Next): Promise<void> {
    const startedAt = now();
    const { req: request, res: response } = ctx;
    let answer: Answer | undefined;
    inFlight += 1;
    try {
      answer = await handle(ctx, work, next);
    } catch (error) {
      const hasLeft = request.destroyed && !request.complete;
      answer = hasLeft ? { status: clientLeft, headers: [] } : answerFailure(error, request.complete, work);
    }
    inFlight -= 1;
    if (answer !== undefined) {
      ctx.respond = false;
      send(response, work.requestId, answer);
    }
    const durationMs = now() - startedAt;
    const { method = '' } = request;
    const status = answer?.status ?? ctx.status;
    duration.observe({ method, route: work.route ?? 'unknown', status: String(status) }, durationMs / 1_000);
    log.info({ method, status, durationMs: Math.round(durationMs * 100) / 100, ip: ctx.ip }, 'request');
  }

  return (ctx, next) => {
    const { headers } = ctx.req;
    const incomingId = single(headers['x-request-id']);
    const work: WorkContext = {
      requestId: incomingId !== undefined && requestIdPattern.test(incomingId) ? incomingId : newId(),
      trace: childTraceContext(parseTraceparent(single(headers['traceparent']))),
    };
    return runInContext(work, () => answerAndLog(ctx, work, next));
  };
}
