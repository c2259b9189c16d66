import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.ts';

describe('a pacer', () => {
  it('lets something be done at once, then rests at least so long', () => {
    const pacer = createPacer({ leastMs: 25, factor: 20 });
    expect(pacer.isDue(0)).toBe(true);
    pacer.did(10, 1);
    expect([pacer.isDue(34), pacer.isDue(35)]).toEqual([false, true]);
  });

  it('rests longer after what is slow again and again, not after what was slow once', () => {
    const pacer = createPacer({ leastMs: 25, factor: 20 });
    pacer.did(100, 100);
    expect(pacer.nextMs).toBe(125);
    pacer.did(300, 90);
    expect(pacer.nextMs).toBe(300 + 90 * 20);
    pacer.did(3_000, 1);
    expect(pacer.nextMs).toBe(3_025);
  });

  it('lets those who wait for it not wait for very long', () => {
    const pacer = createPacer({ leastMs: 25, factor: 20, mostMs: 1_000 });
    pacer.did(0, 200);
    pacer.did(1_000, 200);
    expect(pacer.nextMs).toBe(2_000);
    pacer.did(5_000, 600);
    pacer.did(5_000, 500);
    expect(pacer.nextMs).toBe(6_500);
  });
});
