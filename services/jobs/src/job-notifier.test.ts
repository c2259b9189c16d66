import type { Executor } from '@taskflow/db';
import { createFakeClock } from '@taskflow/resilience/testing';
import { describe, expect, it } from 'vitest';
import { createJobNotifier } from './job-notifier.ts';

function setUp(fail = false) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  let sent = 0;
  const executor: Executor = {
    query() {
      sent += 1;
      return fail ? Promise.reject(new Error('away')) : Promise.resolve([]);
    },
  };
  const notifier = createJobNotifier({ executor, clock, onError: (error) => void errors.push(error) });
  return { clock, errors, notifier, sent: () => sent };
}

describe('a job notifier', () => {
  it('tells at once, and what follows closely together', async () => {
    const { clock, notifier, sent } = setUp();
    for (let n = 0; n < 100; n += 1) {
      notifier.notify();
    }
    expect(sent()).toBe(1);
    notifier.notify();
    await clock.advance(20);
    expect(sent()).toBe(2);
    await clock.advance(1_000);
    expect(sent()).toBe(2);
    notifier.notify();
    expect(sent()).toBe(3);
  });

  it('goes on after it could not tell', async () => {
    const { clock, errors, notifier, sent } = setUp(true);
    notifier.notify();
    await clock.advance(20);
    notifier.notify();
    await clock.advance(20);
    expect(sent()).toBe(2);
    expect(errors).toHaveLength(2);
  });
});
