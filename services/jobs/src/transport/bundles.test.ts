import { describe, expect, it } from 'vitest';
import { bundle } from './bundles.ts';
import type { Delivery } from './transport.ts';

const deliveries = (count: number, type = 'a'): Delivery[] =>
  Array.from({ length: count }, (_, n) => ({
    jobId: `${type}${n}`,
    dispatchNo: 1,
    type,
    scope: '',
    priority: 'default',
  }));

const sizes = (bundles: readonly (readonly Delivery[])[]): number[] => bundles.map(({ length }) => length);

describe('bundles of deliveries', () => {
  it('are of one each as long as nothing is known about a type, or when it is slow', () => {
    expect(sizes(bundle(deliveries(3), 20, () => undefined))).toEqual([1, 1, 1]);
    expect(sizes(bundle(deliveries(3), 20, () => 5_000))).toEqual([1, 1, 1]);
  });

  it('keep a worker busy for ten milliseconds, and hold no more than five for each consumer', () => {
    expect(sizes(bundle(deliveries(12), 20, () => 40))).toEqual([5, 5, 2]);
    expect(sizes(bundle(deliveries(250), 20, () => 0))).toEqual([100, 100, 50]);
  });

  it('keep every delivery, in order', () => {
    const mixed = [...deliveries(5), ...deliveries(2, 'slow'), ...deliveries(3)];
    const bundles = bundle(mixed, 4, (type) => (type === 'slow' ? 1_000 : 1));
    expect(bundles.flat()).toEqual(mixed);
    expect(sizes(bundles)).toEqual([5, 1, 1, 3]);
  });
});
