import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSuccessLedger } from './success-ledger.ts';

const startMs = 1_763_740_000_000;

describe('successes of a scope', () => {
  it('are counted by second and handed out once', () => {
    const ledger = createSuccessLedger();
    for (const afterMs of [0, 999, 1_000, 5_500]) {
      ledger.add('scope', startMs + afterMs);
    }
    expect(ledger.take('scope', startMs + 6_000)).toEqual({
      seconds: [
        { atMs: startMs, count: 2 },
        { atMs: startMs + 1_000, count: 1 },
        { atMs: startMs + 5_000, count: 1 },
      ],
      lastAtMs: startMs + 5_500,
    });
    expect(ledger.take('scope', startMs + 6_000)).toEqual({ seconds: [], lastAtMs: 0 });
  });

  it('are those of the last minute, whatever the pauses between them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 50 }), (pauses) => {
        const ledger = createSuccessLedger();
        const times: number[] = [];
        let nowMs = startMs;
        for (const pause of pauses) {
          nowMs += pause;
          times.push(nowMs);
          ledger.add('scope', nowMs);
        }
        const oldestSecond = Math.floor(nowMs / 1_000) - 59;
        const recent = times.filter((atMs) => Math.floor(atMs / 1_000) >= oldestSecond);
        const { seconds } = ledger.take('scope', nowMs);
        expect(seconds.reduce((sum, { count }) => sum + count, 0)).toBe(recent.length);
        expect(seconds.map(({ atMs }) => atMs)).toEqual([
          ...new Set(recent.map((atMs) => Math.floor(atMs / 1_000) * 1_000)),
        ]);
      }),
    );
  });

  it('take a bounded memory: of scopes that are idle, and of too many', () => {
    const ledger = createSuccessLedger(2);
    ledger.add('first', startMs);
    ledger.add('second', startMs + 50_000);
    ledger.add('third', startMs + 50_000);
    expect(ledger.size).toBe(2);
    ledger.prune(startMs + 61_000);
    expect(ledger.size).toBe(1);
    ledger.add('third', startMs + 61_000);
    expect(ledger.size).toBe(2);
  });
});
