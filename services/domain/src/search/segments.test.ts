import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcher, toExcerpt, toSegments } from './segments.ts';

const marked = (text: string, ...words: string[]) =>
  toSegments(text, matcher(words))
    .map(({ text: piece, match }) => (match ? `[${piece}]` : piece))
    .join('');

describe('toSegments', () => {
  it('marks words that begin with a word of the search, whatever their case', () => {
    expect(marked('Deploy the redeployed deployment', 'deploy')).toBe('[Deploy] the redeployed [deployment]');
    expect(marked('École, ÉCOLES', 'école')).toBe('[École], [ÉCOLES]');
    expect(marked('a foo-bar', 'foo-bar', 'foo', 'bar')).toBe('a [foo-bar]');
    expect(marked('OPS-42', 'ops', '-42')).toBe('[OPS][-42]');
    expect(marked('nothing here', 'x')).toBe('nothing here');
    expect(toSegments('', matcher(['x']))).toEqual([]);
  });

  it('takes any words, and leaves any text whole', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(word, { minLength: 1, maxLength: 5 }), (text, words) => {
        const segments = toSegments(text, matcher(words));
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
        expect(segments.every((segment) => segment.text !== '')).toBe(true);
      }),
    );
  });
});

describe('toExcerpt', () => {
  it('is one line of whole words, with an ellipsis where text is missing', () => {
    expect(toExcerpt({ text: ' one\n\n two ', isCutBefore: false, isCutAfter: false })).toBe('one two');
    expect(toExcerpt({ text: 'ne two thr', isCutBefore: true, isCutAfter: true })).toBe('… two…');
    expect(toExcerpt({ text: 'x'.repeat(50), isCutBefore: true, isCutAfter: true })).toBe(`…${'x'.repeat(50)}…`);
  });
});
