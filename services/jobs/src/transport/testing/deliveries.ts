import { randomUUID } from 'node:crypto';
import type { JobPriority } from '@taskflow/contract/jobs';
import type { Delivery } from '../transport.ts';

/** A delivery of a new job. */
export function newDelivery(priority: JobPriority = 'default', change: Partial<Delivery> = {}): Delivery {
  return { jobId: randomUUID(), dispatchNo: 1, type: 'test.noop', scope: 'global', priority, ...change };
}

/** Deliveries of as many new jobs. */
export function newDeliveries(count: number, priority: JobPriority = 'default'): Delivery[] {
  return Array.from({ length: count }, () => newDelivery(priority));
}

/** The jobs of some deliveries, to compare without regard to their order. */
export function jobIds(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ jobId }) => jobId).toSorted();
}

/** A consumer that holds what it gets until it is told otherwise. */
export function createHoldingConsumer() {
  const taken: Delivery[] = [];
  const ends: (() => void)[] = [];
  let isHolding = true;
  return {
    taken,
    /** How many are held now. */
    held: () => ends.length,
    consume: (delivery: Delivery): Promise<void> => {
      taken.push(delivery);
      const { promise, resolve } = Promise.withResolvers<void>();
      if (isHolding) {
        ends.push(resolve);
      } else {
        resolve();
      }
      return promise;
    },
    /** Holds again what comes from now on. */
    hold(): void {
      isHolding = true;
    },
    /** Ends what is held; what comes later ends at once. */
    letGo(): void {
      isHolding = false;
      for (const end of ends.splice(0)) {
        end();
      }
    },
  };
}
