import type { UnitOfWorkRunner, WebhookDeliveries } from '@taskflow/domain';
import { webhookDeliver } from '@taskflow/domain';
import { type AnyJobHandler, handleJob, JobFailure } from '@taskflow/jobs';
import { OutboundError } from '../outbound/outbound-error.ts';
import type { OutboundHttp, OutboundResponse } from '../outbound/outbound-http.ts';
import { retryAfterMs } from './retry-after.ts';

/** What the handler works with. */
export interface WebhookDeliverDependencies {
  readonly deliveries: WebhookDeliveries;
  readonly units: UnitOfWorkRunner;
  readonly http: OutboundHttp;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
  readonly now: () => Date;
}

/** How much of an answer people are shown. */
const shownCharacters = 4_000;

const isDelivered = ({ status }: OutboundResponse): boolean => status >= 200 && status < 300;

/** The endpoint takes no more, for ever. */
const gone = 410;

/**
 * Sends one delivery and notes how it went. A 2xx ends the job together with the note; everything else fails the
 * attempt, with the answer kept for people to see.
 */
export function createWebhookDeliverHandler(dependencies: WebhookDeliverDependencies): AnyJobHandler {
  const { deliveries, units, http, clock, now } = dependencies;

  return handleJob(webhookDeliver, async ({ deliveryId, webhookId }, job) => {
    const request = await deliveries.toSend(deliveryId, now());
    if (request === undefined) {
      return { skipped: true };
    }
    const startedAt = clock();
    const attempt = { status: null, body: null, errorCode: null };
    let response: OutboundResponse;
    try {
      response = await http.post({ ...request, signal: job.signal });
    } catch (error) {
      const code = error instanceof OutboundError ? error.code : undefined;
      if (code === undefined) {
        throw error;
      }
      await deliveries.failed(deliveryId, { ...attempt, errorCode: code, durationMs: clock() - startedAt });
      const isOurRefusal = code === 'ADDRESS_REFUSED' || code === 'REDIRECT_REFUSED';
      throw new JobFailure(code, 'the endpoint did not answer', { cause: error, retryable: !isOurRefusal });
    }
    const answered = {
      ...attempt,
      status: response.status,
      body: response.body.replaceAll('\u0000', '').slice(0, shownCharacters),
      durationMs: clock() - startedAt,
    };
    if (isDelivered(response)) {
      await units.run(async (unit) => {
        await deliveries.delivered(unit, deliveryId, answered);
        await job.completeIn(unit, { status: response.status });
      });
      return undefined;
    }
    const code = `HTTP_${response.status}`;
    await deliveries.failed(deliveryId, { ...answered, errorCode: code });
    if (response.status === gone) {
      await units.run((unit) => deliveries.gone(unit, webhookId, request.url));
    }
    const wait = retryAfterMs(response.retryAfter, now());
    throw new JobFailure(code, `the endpoint answered ${response.status}`, {
      retryable: response.status !== gone,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  });
}
