import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createFakeClock } from './fake-clock.ts';
import { TimeoutError, withTimeout } from './with-timeout.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('withTimeout', () => {
  it('answers what the work answers', async () => {
    const clock = createFakeClock();
    expect(await withTimeout(async () => 42, { timeoutMs: 10, clock })).toBe(42);
  });

  it('throws and aborts the work when time is up', async () => {
    const clock = createFakeClock();
    let seen: unknown;
    const result = withTimeout(
      (signal) => {
        signal.addEventListener('abort', () => {
          seen = signal.reason;
        });
        return never();
      },
      { timeoutMs: 250, clock, what: 'the query' },
    );
    const failure = result.catch((error: unknown) => error);
    await clock.advance(249);
    expect(seen).toBeUndefined();
    await clock.advance(1);
    expect(await failure).toEqual(new TimeoutError('the query', 250));
    expect(seen).toBeInstanceOf(TimeoutError);
  });

  it('throws the reason of the caller who aborts', async () => {
    const controller = new AbortController();
    const waiting = withTimeout(never, { timeoutMs: 1_000, clock: createFakeClock(), signal: controller.signal });
    controller.abort(new Error('client went away'));
    await expect(waiting).rejects.toThrow('client went away');
  });

  it('never starts work for a caller who aborted before', async () => {
    let started = false;
    const work = async (): Promise<void> => {
      started = true;
    };
    await expect(withTimeout(work, { timeoutMs: 5, signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow(
      'gone',
    );
    expect(started).toBe(false);
  });

  it('throws what the work throws', async () => {
    const work = async (): Promise<void> => {
      throw new RangeError('broken');
    };
    await expect(withTimeout(work, { timeoutMs: 5, clock: createFakeClock() })).rejects.toThrow(RangeError);
  });
});

describe('systemClock', () => {
  it('throws the reason of the signal that ends a sleep', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('woken')))).rejects.toThrow('woken');
  });

  it('goes forward while it sleeps', async () => {
    const before = systemClock.now();
    await systemClock.sleep(5);
    expect(systemClock.now()).toBeGreaterThan(before);
  });
});
