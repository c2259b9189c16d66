import type { Delivery, WorkMs } from './transport.ts';

/** What a bundle may keep one worker busy for: so little that others who are idle miss nothing. */
const busyMs = 10;

/** Deliveries in a bundle, for each of the consumers side by side. */
const mostByConsumer = 5;

/**
 * Splits deliveries of one priority, in their order: those that are dealt with in no time travel together, since each by
 * itself would mostly be on its way. What is slow, or of a type that nothing is known about, goes alone.
 *
 * @param concurrency deliveries that are dealt with at the same time
 */
export function bundle(deliveries: readonly Delivery[], concurrency: number, workMs: WorkMs): Delivery[][] {
  const mostMs = busyMs * concurrency;
  const bundles: Delivery[][] = [];
  let current: Delivery[] = [];
  let leftMs = 0;
  for (const delivery of deliveries) {
    const durationMs = workMs(delivery.type) ?? mostMs;
    if (bundles.length === 0 || durationMs > leftMs || current.length >= mostByConsumer * concurrency) {
      current = [];
      bundles.push(current);
      leftMs = mostMs;
    }
    current.push(delivery);
    leftMs -= durationMs;
  }
  return bundles;
}
