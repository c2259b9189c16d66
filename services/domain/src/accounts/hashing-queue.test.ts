import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHashingQueue } from './hashing-queue.ts';

describe('createHashingQueue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function workshop(options: { concurrency?: number; maxWaiting?: number; maxWaitMs?: number } = {}) {
    const queue = createHashingQueue({ concurrency: 2, maxWaiting: 10, maxWaitMs: 1_000, ...options });
    const started: number[] = [];
    const finish: (() => void)[] = [];
    const work = (n: number) =>
      queue.run(() => {
        started.push(n);
        const { promise, resolve } = Promise.withResolvers<number>();
        finish[n] = () => resolve(n);
        return promise;
      });
    return { queue, started, work, finish: (n: number) => finish[n]?.() };
  }

  it('runs no more at a time than it may, in the order of arrival', async () => {
    const { started, work, finish } = workshop();
    const all = [work(0), work(1), work(2), work(3)];
    await vi.waitFor(() => expect(started).toEqual([0, 1]));
    finish(1);
    await vi.waitFor(() => expect(started).toEqual([0, 1, 2]));
    for (const n of [0, 2]) finish(n);
    await vi.waitFor(() => expect(started).toEqual([0, 1, 2, 3]));
    finish(3);
    await expect(Promise.all(all)).resolves.toEqual([0, 1, 2, 3]);
  });

  it('refuses at once when too many wait', async () => {
    const { work, finish } = workshop({ concurrency: 1, maxWaiting: 1 });
    const kept = [work(0), work(1)];
    await expect(work(2)).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 2 });
    finish(0);
    await vi.waitFor(() => finish(1));
    await kept[0];
  });

  it('gives up waiting in the end, and the turn goes to the next', async () => {
    const { started, work, finish } = workshop({ concurrency: 1 });
    const first = work(0);
    const late = work(1).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await late).toMatchObject({ code: 'too_many_requests' });
    const third = work(2);
    finish(0);
    await first;
    await vi.waitFor(() => expect(started).toEqual([0, 2]));
    finish(2);
    await expect(third).resolves.toBe(2);
  });

  it('goes on after work that failed', async () => {
    const { queue } = workshop({ concurrency: 1 });
    await expect(queue.run(() => Promise.reject(new RangeError('broken')))).rejects.toThrow('broken');
    await expect(queue.run(() => Promise.resolve('fine'))).resolves.toBe('fine');
  });
});
