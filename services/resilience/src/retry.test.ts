import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';
import { backoffDelayMs, retry } from './retry.ts';

const backoff = { baseDelayMs: 100, maxDelayMs: 1_000 };
const nearlyOne = (): number => 0.999_999;

function failing(times: number): { work: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    async work() {
      calls += 1;
      if (calls <= times) {
        throw new Error(`failure ${calls}`);
      }
      return 'done';
    },
  };
}

describe('backoffDelayMs', () => {
  it('doubles its upper bound with each attempt up to the cap', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 400].map((attempt) => Math.ceil(backoffDelayMs(attempt, backoff, nearlyOne)));
    expect(bounds).toEqual([99, 199, 399, 799, 999, 999, 999]);
  });

  it('may be nothing at all, so that clients spread over the whole span', () => {
    expect(backoffDelayMs(4, backoff, () => 0)).toBe(0);
  });
});

describe('retry', () => {
  it('answers what the work answers once it succeeds, waiting longer each time', async () => {
    const clock = createFakeClock();
    const { work, calls } = failing(3);
    const result = retry(work, { ...backoff, clock, random: () => 0.5 });
    await clock.advance(1_000);
    expect(await result).toBe('done');
    expect(calls()).toBe(4);
    expect(clock.delays).toEqual([50, 100, 200]);
  });

  it('throws the last error when the attempts are used up', async () => {
    const clock = createFakeClock();
    const { work, calls } = failing(9);
    const failure = retry(work, { ...backoff, clock, attempts: 3 }).catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await failure).toEqual(new Error('failure 3'));
    expect(calls()).toBe(3);
  });

  it('does not wait past its deadline', async () => {
    const clock = createFakeClock();
    const { work } = failing(99);
    const options = { ...backoff, clock, random: () => 0.5, deadlineMs: 400 };
    const failure = retry(work, options).catch((error: unknown) => error);
    await clock.advance(400);
    expect(await failure).toEqual(new Error('failure 4'));
    expect(clock.delays).toEqual([50, 100, 200]);
  });

  it('gives up at once on an error that is not worth it', async () => {
    const { work, calls } = failing(9);
    await expect(retry(work, { ...backoff, shouldRetry: () => false })).rejects.toThrow('failure 1');
    expect(calls()).toBe(1);
  });

  it('ends a wait when its signal aborts', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { work, calls } = failing(9);
    const waiting = retry(work, { ...backoff, clock, random: nearlyOne, signal: controller.signal });
    await clock.advance(10);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(calls()).toBe(1);
  });

  it('tells about each failure before it waits', async () => {
    const clock = createFakeClock();
    const told: unknown[] = [];
    const result = retry(failing(2).work, {
      ...backoff,
      clock,
      random: () => 0.5,
      onRetry: ({ attempt, delayMs }) => told.push([attempt, delayMs]),
    });
    await clock.advance(1_000);
    await result;
    expect(told).toEqual([
      [1, 50],
      [2, 100],
    ]);
  });
});
