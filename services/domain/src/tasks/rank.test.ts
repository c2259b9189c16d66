import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendedRank, isRank, rankBetween } from './rank.ts';

const rank = fc.stringMatching(/^[0-9A-Za-z]{0,12}[1-9A-Za-z]$/).filter((text) => isRank(text));

describe('rankBetween', () => {
  it('lies strictly between its neighbours, and is a rank itself', () => {
    fc.assert(
      fc.property(rank, rank, (one, other) => {
        fc.pre(one !== other);
        const [lower = '', upper = ''] = [one, other].toSorted(byBytes);
        const between = rankBetween(lower, upper);
        expect(isRank(between)).toBe(true);
        expect(byBytes(lower, between)).toBe(-1);
        expect(byBytes(between, upper)).toBe(-1);
      }),
    );
  });

  it('has room before the first and behind the last, for ever', () => {
    fc.assert(
      fc.property(rank, (only) => {
        expect(byBytes(rankBetween(undefined, only), only)).toBe(-1);
        expect(byBytes(only, rankBetween(only, undefined))).toBe(-1);
      }),
    );
  });

  it('keeps the order of a list through any series of moves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000 }), { maxLength: 200 }), (positions) => {
        const ranks: string[] = [appendedRank(1)];
        for (const position of positions) {
          const at = position % (ranks.length + 1);
          ranks.splice(at, 0, rankBetween(ranks[at - 1], ranks[at]));
        }
        expect(ranks).toEqual(ranks.toSorted(byBytes));
        expect(new Set(ranks).size).toBe(ranks.length);
      }),
    );
  });

  it('grows by about a character in five moves into the same gap', () => {
    let lower = appendedRank(1);
    const upper = appendedRank(2);
    for (let move = 0; move < 100; move += 1) {
      lower = rankBetween(lower, upper);
    }
    expect(lower.length).toBeLessThan(10 + 100 / 4);
  });

  it('refuses neighbours in the wrong order', () => {
    expect(() => rankBetween('b', 'a')).toThrow(RangeError);
    expect(() => rankBetween('a', 'a')).toThrow(RangeError);
    expect(() => rankBetween('a0', undefined)).toThrow(RangeError);
  });
});

describe('appendedRank', () => {
  it('comes behind whatever was moved behind the task before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1, max: 50 }), (number, moves) => {
        let last = appendedRank(number);
        for (let move = 0; move < moves; move += 1) {
          last = rankBetween(last, appendedRank(number + 1));
        }
        expect(byBytes(last, appendedRank(number + 1))).toBe(-1);
      }),
    );
  });
});

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
