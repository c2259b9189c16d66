import type { Consume, Delivery, JobTransport } from './transport.ts';

/** Runs deliveries in this process, in the order of their arrival. What it holds is lost with the process, as it may. */
export function createDirectTransport(): JobTransport {
  const waiting: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  let consumer: { readonly consume: Consume; readonly concurrency: number } | undefined;
  let stopped = false;

  function fill(): void {
    while (consumer !== undefined && !stopped && underWay.size < consumer.concurrency) {
      const delivery = waiting.shift();
      if (delivery === undefined) {
        return;
      }
      const running = consumer.consume(delivery).then(() => {
        underWay.delete(running);
        fill();
      });
      underWay.add(running);
    }
  }

  return {
    name: 'direct',
    start(consume, concurrency) {
      consumer = { consume, concurrency };
      fill();
      return Promise.resolve();
    },
    push(deliveries) {
      waiting.push(...deliveries);
      fill();
      return Promise.resolve();
    },
    isUp: () => !stopped,
    async stop(signal) {
      stopped = true;
      waiting.length = 0;
      const { promise: aborted, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (!signal.aborted) {
        await Promise.race([Promise.all(underWay), aborted]);
      }
    },
  };
}
