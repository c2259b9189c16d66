import type { JobPriority } from '@taskflow/contract/jobs';
import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

const never = new AbortController().signal;

/** Fills slots with work that ends when told. */
function createBench(concurrency: number) {
  const slots = createSlots(concurrency);
  const running: { name: string; end: () => void }[] = [];
  return {
    running: () => running.map(({ name }) => name),
    begin: (priority: JobPriority, name: string, signal = never): Promise<boolean> =>
      slots.run(priority, signal, async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        running.push({ name, end: resolve });
        await promise;
      }),
    async end(name: string) {
      const index = running.findIndex((entry) => entry.name === name);
      running.splice(index, 1)[0]?.end();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('slots', () => {
  it('keeps a tenth free of lower priorities and gives bulk at most half', () => {
    const bench = createBench(10);
    for (let turn = 0; turn < 10; turn += 1) {
      void bench.begin('bulk', 'bulk');
    }
    expect(bench.running()).toHaveLength(5);
    for (let turn = 0; turn < 10; turn += 1) {
      void bench.begin('default', 'default');
    }
    expect(bench.running()).toHaveLength(9);
    for (let turn = 0; turn < 10; turn += 1) {
      void bench.begin('critical', 'critical');
    }
    expect(bench.running()).toHaveLength(10);
  });

  it('runs work of every priority even with a single slot', async () => {
    const bench = createBench(1);
    void bench.begin('bulk', 'bulk');
    void bench.begin('default', 'default');
    expect(bench.running()).toEqual(['bulk']);
    await bench.end('bulk');
    expect(bench.running()).toEqual(['default']);
  });

  it('hands a free slot to the most urgent, then to whoever waits longest', async () => {
    const bench = createBench(1);
    void bench.begin('critical', 'first');
    void bench.begin('bulk', 'bulk');
    void bench.begin('critical', 'second');
    void bench.begin('critical', 'third');
    await bench.end('first');
    expect(bench.running()).toEqual(['second']);
    await bench.end('second');
    expect(bench.running()).toEqual(['third']);
    await bench.end('third');
    expect(bench.running()).toEqual(['bulk']);
  });

  it('does not run what was given up while it waited, and loses no slot by it', async () => {
    const bench = createBench(1);
    const giveUp = new AbortController();
    const first = bench.begin('critical', 'first');
    const abandoned = bench.begin('critical', 'abandoned', giveUp.signal);
    const last = bench.begin('critical', 'last');
    giveUp.abort();
    await expect(abandoned).resolves.toBe(false);
    await expect(bench.begin('critical', 'too late', giveUp.signal)).resolves.toBe(false);
    await bench.end('first');
    expect(bench.running()).toEqual(['last']);
    await bench.end('last');
    await expect(Promise.all([first, last])).resolves.toEqual([true, true]);
  });
});
